import FleetStore
import PostgresClient

/// Why ingestion cannot go on without a person, in one line: what, where and what to do.
enum StopAdvice {
    static func line(for error: StoreError) -> String {
        switch error {
        case .schema(let text): "数据库结构与程序不符 / the schema is not this program's: \(text)"
        case .alreadyRunning(let text): "另一进程正在写入 / another process writes: \(text)"
        case .database(let error): "\(Self.advice(for: error)): \(error)"
        }
    }

    private static func advice(for error: PostgresError) -> String {
        switch error.code {
        case .unusableAddress:
            return "数据库地址不可用，请核对 database.url / the address is not usable, check database.url"
        case .unexpectedResult: return "数据库结构或内容与程序不符 / the schema or its content is not this program's"
        case .connectionFailed, .connectionLost, .refused, .server: break
        }
        switch error.sqlState?.code {
        case let code? where code.hasPrefix("28"):
            return
                "数据库拒绝登录，请核对 database.url 的用户名与口令 / the database refuses the login, check user and password in database.url"
        case let code? where code.hasPrefix("3D"):
            return "数据库不存在，请核对 database.url / no such database, check database.url"
        case "42501":
            return "数据库权限不足，请授予该用户相应权限 / the database user lacks a permission, grant it"
        case let code? where ["22", "23", "54", "P0"].contains(String(code.prefix(2))):
            return
                "数据库拒收整批，请检查自行添加的约束与触发器 / the database refuses a batch as a whole, check constraints and triggers that were added to it"
        case let code? where code.hasPrefix("XX"):
            return "数据库数据损坏，请检查磁盘并从备份恢复 / the database is damaged, check the disk and restore a backup"
        default:
            return "数据库结构与程序不符，请运行 tongxing migrate / the schema is not this program's, run `tongxing migrate`"
        }
    }
}
