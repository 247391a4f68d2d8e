import Foundation
import LocalServers
import Supervision

/// The folder that holds everything of a demo: cluster, broker, ports, how far the traffic has come.
struct DemoFolder {
    let path: String

    /// The copy of the configuration file that the demo's parts read.
    static let settingsName = "tongxing.yaml"

    /// Where the demo lives unless told otherwise: root's is open to the account it gives its rights up for.
    static var standard: String {
        if Privileges.isRoot { return "/var/lib/tongxing/demo" }
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.local/share"
        return data + "/tongxing/demo"
    }

    /// Makes the folder and, started by root, gives it to an unprivileged account and becomes that account for good.
    static func enter(_ path: String) throws -> DemoFolder {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(atPath: absolute, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                "cannot make the folder \(absolute): choose another with --folder (\(error.localizedDescription))")
        }
        if Privileges.isRoot {
            guard let account = SystemAccount.unprivileged() else {
                throw Failure("started by root, and there is no user tongxing, postgres or nobody to work as")
            }
            try Privileges.handOver(absolute, to: account)
            try Privileges.drop(to: account)
        }
        guard FileManager.default.isWritableFile(atPath: absolute), chdir(absolute) == 0 else {
            throw Failure("user \(NSUserName()) cannot work in \(absolute): choose another folder with --folder")
        }
        return DemoFolder(path: absolute)
    }

    /// The servers' ports: the same at every start while nobody else has taken them.
    struct Ports: Codable {
        var postgres: UInt16
        var mqtt: UInt16
    }

    func ports() throws -> Ports {
        let file = self.path + "/ports.json"
        var ports: Ports
        if let data = FileManager.default.contents(atPath: file),
            let kept = try? JSONDecoder().decode(Ports.self, from: data)
        {
            ports = kept
            if !LoopbackPort.isFree(ports.postgres) { ports.postgres = try LoopbackPort.findFree() }
            if !LoopbackPort.isFree(ports.mqtt) { ports.mqtt = try LoopbackPort.findFree() }
        } else {
            ports = Ports(postgres: try LoopbackPort.findFree(), mqtt: try LoopbackPort.findFree())
        }
        try self.write(try JSONEncoder().encode(ports), to: "ports.json")
        return ports
    }

    func write(_ data: Data, to name: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: "\(self.path)/\(name)"), options: .atomic)
        } catch {
            throw Failure("cannot write \(self.path)/\(name): \(error.localizedDescription): is the disk full?")
        }
    }

    func read(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(self.path)/\(name)") }
}
