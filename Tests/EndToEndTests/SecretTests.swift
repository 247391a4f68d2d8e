import Foundation
import Supervision
import TestSupport
import Testing

/// What is secret in the configuration is nowhere in what the service says, however much it is asked to say.
@Suite struct SecretTests {
    @Test func theLogHoldsNoSecretAtAnyLevel() async throws {
        let folder = try await TestServers.shared.makeFolder()
        try Data(#"{"keys":[]}"#.utf8).write(to: URL(fileURLWithPath: folder + "/jwks.json"))
        let (password, secret, token, client) = ("mqtt-mellon-1", "hook-mellon-234567", "url-mellon-3", "oidc-mellon-4")
        let relay = "relay-mellon-5"
        let installation = try await Installation(
            access: "accounts",
            settings: [
                "TONGXING_MQTT_USERNAME": "li", "TONGXING_MQTT_PASSWORD": password,
                "TONGXING_NOTICES_WEBHOOKS": "oa=http://127.0.0.1:1/\(token) secret=\(secret)",
                "TONGXING_NOTICES_MAIL": "li=li@example.org",
                "TONGXING_NOTICES_SMTP_URL": "smtp://u:\(relay)@127.0.0.1:1",
                "TONGXING_NOTICES_MAIL_FROM": "tongxing@example.org",
                "TONGXING_WEB_OIDC_ISSUER": "https://login.example",
                "TONGXING_WEB_OIDC_KEY_SET_FILE": folder + "/jwks.json",
                "TONGXING_WEB_OIDC_AUTHORIZE_URL": "https://login.example/authorize",
                "TONGXING_WEB_OIDC_TOKEN_URL": "https://login.example/token",
                "TONGXING_WEB_OIDC_REDIRECT_URL": "http://127.0.0.1/sign-in/callback",
                "TONGXING_WEB_OIDC_CLIENT_SECRET": client,
            ])
        let match = try #require(installation.databaseURL.firstMatch(of: #/:([^:/@]+)@/#))
        let database = String(match.output.1)
        for part in ["ingestion", "analysis", "web"] {
            let service = try await installation.serve("--only", part, "--log-level", "trace", waitsUntilReady: false)
            let isUp = try await eventually {
                try installation.isAlive(part) && (part != "web" || service.log.contains("Console ready"))
            }
            #expect(isUp, "\(service.log)")
            #expect(await service.stop().isSuccess, "\(service.log)")
            for text in [password, secret, token, client, relay, database] {
                #expect(!service.log.contains(text), "\(part): \(text)")
            }
        }
    }
}

extension Installation {
    /// Whether this part has given a sign of life.
    fileprivate func isAlive(_ part: String) throws -> Bool {
        switch part {
        case "ingestion": try self.count("SELECT count(*) FROM part WHERE part = 'ingestion' AND is_ready") == 1
        case "analysis": try self.count("SELECT count(*) FROM part WHERE part = 'analysis'") == 1
        default: true
        }
    }
}
