package import Glibc

/// What the supervisor tells a person, one line each, Chinese first.
package enum SupervisorReport: Sendable, Hashable, CustomStringConvertible {
    case started(part: String, pid: pid_t)
    /// The process could not be started; a `restarting` follows.
    case failed(part: String, SupervisionError)
    /// It ended, or (nil) could not be started, and is started again after the delay.
    case restarting(part: String, end: ProcessEnd?, after: Duration)
    /// It cannot work as it is called or configured. Everything stops.
    case gaveUp(part: String, code: Int32)
    case done(part: String)
    case stopping
    case killing(parts: [String])

    /// Whether somebody should look into it.
    package var isWarning: Bool {
        switch self {
        case .started, .done, .stopping: false
        case .failed, .restarting, .gaveUp, .killing: true
        }
    }

    package var description: String {
        switch self {
        case .started(let part, let pid):
            return "\(part) 已启动（进程 \(pid)） / \(part) started (process \(pid))"
        case .failed(_, let error):
            return error.description
        case .restarting(let part, let end, let delay):
            let seconds = (delay.seconds * 10).rounded() / 10
            let why = end.map { "（\($0)）" } ?? ""
            return "\(part) 意外结束\(why)，\(seconds) 秒后重启 / \(part) ended unexpectedly, restarting in \(seconds) s"
        case .gaveUp(let part, let code):
            return "\(part) 因用法或配置错误退出（\(code)），不再重启，全部停止 / "
                + "\(part) cannot work as called or configured (exit code \(code)); not restarted, stopping all parts"
        case .done(let part):
            return "\(part) 已完成 / \(part) is done"
        case .stopping:
            return "正在停止，再按一次 Ctrl-C 立即结束 / stopping; press Ctrl-C again to end at once"
        case .killing(let parts):
            let names = parts.joined(separator: ", ")
            return "强制结束：\(names) / killing: \(names)"
        }
    }
}
