import Foundation
import Glibc
import Supervision

/// Waits a moment for a port to become free.
///
/// Errors: `portTaken`.
func requireFree(_ port: UInt16) throws(LocalServerError) {
    guard !blockUntil(timeout: .seconds(1), { LoopbackPort.isFree(port) }) else { return }
    throw .portTaken(port)
}

/// Makes one clear line of what a server said before it ended.
func startFailure(of program: String, port: UInt16, output: String, log: String) -> LocalServerError {
    let reason = complaint(in: output)
    func has(_ words: String) -> Bool { output.contains(words) }
    if has("Address already in use") { return .portTaken(port) }
    if has("No space left on device") || has("Disk quota exceeded") {
        return LocalServerError(
            .diskFull, chinese: "\(program) 启动失败，磁盘已满：\(reason)", english: "\(program) failed, disk full: \(reason)")
    }
    if has("Permission denied") {
        return LocalServerError(
            .notAllowed, chinese: "\(program) 启动失败，权限不足：\(reason)，请换一个该用户可进入的文件夹",
            english: "\(program) failed: \(reason): choose a folder that its user may enter")
    }
    return LocalServerError(
        .failedToStart, chinese: "\(program) 启动失败：\(reason)，详见 \(log)",
        english: "\(program) failed to start: \(reason), see \(log)")
}

/// The line of a program's output that says what is wrong: the first with a word of failure in it, else the last.
func complaint(in output: String) -> String {
    let lines = output.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let words = ["PANIC:", "FATAL:", "ERROR:", "error:", "Error:"]
    let line = lines.first { line in words.contains { line.contains($0) } } ?? lines.last ?? "?"
    return line.trimmingCharacters(in: .whitespaces)
}

/// Runs a short program to its end and returns all it printed. Blocks the calling thread.
func run(_ spawn: Spawn) throws(LocalServerError) -> (end: ProcessEnd, output: String) {
    let pipe = Pipe()
    var spawn = spawn
    spawn.output = .descriptor(pipe.fileHandleForWriting.fileDescriptor)
    let child: ChildProcess
    do {
        child = try spawn.start()
    } catch {
        throw LocalServerError(.programMissing, error)
    }
    try? pipe.fileHandleForWriting.close()
    let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
    guard let end = child.blockUntilEnd(timeout: .seconds(60)) else {
        child.send(signal: SIGKILL)
        throw LocalServerError(
            .timedOut, chinese: "\(spawn.program) 未能及时结束", english: "\(spawn.program) did not end in time")
    }
    return (end, String(decoding: output, as: UTF8.self))
}

extension LocalServerError {
    static func portTaken(_ port: UInt16) -> LocalServerError {
        LocalServerError(
            .portTaken, chinese: "端口 \(port) 已被占用，请停止占用它的程序或另选端口",
            english: "port \(port) is taken: stop who listens there or choose another port")
    }
}
