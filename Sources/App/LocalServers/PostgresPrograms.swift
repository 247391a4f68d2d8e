import Foundation
import Glibc

/// Where the programs of a PostgreSQL installation lie.
struct PostgresPrograms: Sendable, Hashable {
    /// The folder with `postgres`, `initdb` and `psql`.
    let folder: String

    var postgres: String { self.folder + "/postgres" }
    var initdb: String { self.folder + "/initdb" }
    var psql: String { self.folder + "/psql" }

    /// Finds the installation to use: the one of `version` when data of that version is there already, else the newest
    /// of Debian's (/usr/lib/postgresql/*/bin), else the one in PATH.
    ///
    /// Errors: `programMissing` naming Debian's package.
    static func find(version: Int?, environment: [String: String] = ProcessInfo.processInfo.environment)
        throws(LocalServerError) -> PostgresPrograms
    {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let debian = versions.sorted(by: >).map { (version: $0, programs: Self(folder: "\(root)/\($0)/bin")) }
        if let version {
            if let match = debian.first(where: { $0.version == version && $0.programs.isComplete }) {
                return match.programs
            }
            throw LocalServerError(
                .programMissing,
                chinese: "数据由 PostgreSQL \(version) 创建，但它未安装：sudo apt-get install postgresql-\(version)",
                english: "the data was made by PostgreSQL \(version), which is not installed: "
                    + "sudo apt-get install postgresql-\(version)")
        }
        let inPath = (environment["PATH"] ?? "").split(separator: ":").map { Self(folder: String($0)) }
        guard let programs = (debian.map(\.programs) + inPath).first(where: \.isComplete) else {
            throw LocalServerError(
                .programMissing, chinese: "未找到 PostgreSQL：sudo apt-get install postgresql postgresql-postgis",
                english: "PostgreSQL was not found: sudo apt-get install postgresql postgresql-postgis")
        }
        return programs
    }

    private var isComplete: Bool {
        [self.postgres, self.initdb, self.psql].allSatisfy { (path: String) in access(path, X_OK) == 0 }
    }
}
