import Evidence
import Foundation
import Glibc

/// The signing key on disk: readable by its owner alone.
enum EvidenceKeyFile {
    /// The configured key, or the one in the folder of the program's state.
    /// - Parameter makes: whether one is made there at first use; whoever only asks for the public half is told that
    ///   there is none, for another one would be no key of what was signed.
    static func load(_ configured: String?, makes: Bool = true) throws -> EvidenceSigningKey {
        if let configured {
            guard let data = FileManager.default.contents(atPath: configured) else {
                throw Failure(
                    "evidence.signingKeyFile: 读不了 \(configured)，可用 `tongxing evidence make-key \(configured)` 生成 / cannot read "
                        + "\(configured): make it with that command")
            }
            return try EvidenceSigningKey(pem: String(decoding: data, as: UTF8.self), place: configured)
        }
        let path = Self.standardPath
        if let data = FileManager.default.contents(atPath: path) {
            return try EvidenceSigningKey(pem: String(decoding: data, as: UTF8.self), place: path)
        }
        guard makes else {
            throw Failure(
                "\(path): 尚无签名密钥，首次出具证据包时生成；若另有密钥，请设 evidence.signingKeyFile 或 STATE_DIRECTORY / no signing key "
                    + "yet: the first package makes one; if there is another, set evidence.signingKeyFile or STATE_DIRECTORY"
            )
        }
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let key = EvidenceSigningKey()
        try Self.write(key, to: path)
        Terminal.note("已生成签名密钥 / made a signing key: \(path)")
        return key
    }

    /// Never replaces a key that is there: what it signed could not be checked any more.
    static func write(_ key: EvidenceSigningKey, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Failure("\(path): 无法生成密钥文件 cannot make the key's file (\(reason)): 请换一个文件名 name another file")
        }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(key.pem.utf8))
    }

    /// systemd names the state's folder; elsewhere it is the user's own.
    private static var standardPath: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        let home = environment["HOME"] ?? NSHomeDirectory()
        return (state ?? home + "/.local/state/tongxing") + "/evidence-signing-key.pem"
    }
}
