import HTTPTypes
import Hummingbird
import Testing

@testable import Console

/// Asks a console that has safety figures, as whoever opens it does.
protocol SafetyVisitor {}

extension SafetyVisitor {
    func get(
        _ path: String, _ safety: FakeSafety = FakeSafety(), cookie: String? = nil
    ) async throws -> TestResponse {
        let configuration = ConsoleConfiguration(port: 0, leafletDirectory: "/nonexistent")
        let server = ConsoleServer(
            configuration: configuration, fleet: FakeFleet(), access: .open, safety: safety, logger: quietLogger,
            now: { testNow })
        let headers = HTTPFields(cookie.map { [HTTPField(name: .cookie, value: $0)] } ?? [])
        return try await server.application().test {
            try await $0.execute(uri: path, method: .get, headers: headers)
        }
    }

    /// The answer of an address that has one.
    func json(_ path: String, _ safety: FakeSafety = FakeSafety()) async throws -> JSONValue {
        let response = try await self.get(path, safety)
        #expect(response.status == .ok, "\(path): \(String(buffer: response.body))")
        return try JSONValue(bytes: response.body.readableBytesView)
    }
}
