import Foundation
package import Glibc

/// Keeps a foreign program that knows nothing of our lifeline (PostgreSQL, mosquitto): it lives in a session of its
/// own, so that Ctrl-C in the terminal does not hit it, and it is stopped by its own graceful signal as soon as the
/// owner lets go or dies, `kill -9` included. Between the two stands a small shell that reads the lifeline.
package struct Keeper: Sendable {
    /// The signal by which the program ends in good order.
    package enum GracefulSignal: String, Sendable {
        /// PostgreSQL's fast shutdown.
        case interrupt = "INT"
        case terminate = "TERM"
    }

    package var program: String
    package var arguments: [String]
    /// The whole environment of the program.
    package var environment: [String: String]
    /// The program's working directory. It must exist; it also is how leftovers are recognised (`ProcessTable`).
    package var folder: String
    /// The file its output is appended to.
    package var log: String
    package var gracefulSignal: GracefulSignal
    /// How long the program may take to end after the graceful signal, in whole seconds; then it is killed.
    package var grace: Duration
    /// Runs the program as this account. Only root can.
    package var account: SystemAccount?

    package init(
        program: String, arguments: [String], environment: [String: String], folder: String, log: String,
        gracefulSignal: GracefulSignal, grace: Duration, account: SystemAccount? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.log = log
        self.gracefulSignal = gracefulSignal
        self.grace = grace
        self.account = account
    }

    /// Starts the program. Blocks for the milliseconds it takes until its pid is known.
    ///
    /// Errors: `notExecutable` when the program or the shell is missing, `noResources`.
    package func start() throws(SupervisionError) -> KeptProgram {
        guard access(self.program, X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw SupervisionError(
                .notExecutable, chinese: "无法启动 \(self.program)：\(reason)",
                english: "cannot start \(self.program): \(reason)")
        }
        let lifeline = try LifelinePipe()
        let (reading, writing) = try makePipe()
        defer { close(reading) }

        // The script comes by a variable, which keeps it out of everybody's `ps`.
        let environment = self.environment.merging(["KEEPER": Self.script]) { $1 }
        var shell = Spawn(program: "/bin/sh", arguments: self.shellArguments, environment: environment)
        shell.input = .descriptor(lifeline.readingEnd)
        shell.output = .file(self.log)
        shell.third = writing
        shell.placement = .ownSession
        let keeper: ChildProcess
        do {
            keeper = try shell.start()
            close(writing)
        } catch {
            close(writing)
            throw error
        }
        guard let pid = pid_t(readLine(from: reading)) else {
            throw SupervisionError(
                .notExecutable, chinese: "无法启动 \(self.program)，见 \(self.log)",
                english: "cannot start \(self.program), see \(self.log)")
        }
        return KeptProgram(pid: pid, keeper: keeper, lifeline: lifeline)
    }

    private var shellArguments: [String] {
        let seconds = String(max(1, self.grace.components.seconds))
        return ["-c", #"eval "$KEEPER""#, "keeper", self.folder, self.gracefulSignal.rawValue, seconds]
            + self.commandLine
    }

    /// `setpriv` (util-linux) changes the account and then *becomes* the program, so the pid stays the program's.
    private var commandLine: [String] {
        guard let account else { return [self.program] + self.arguments }
        let identity = ["--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups", "--"]
        return ["/usr/bin/setpriv"] + identity + [self.program] + self.arguments
    }

    /// Arguments: the working directory, the graceful signal, the seconds until SIGKILL, the command line. Standard
    /// input is the lifeline, descriptor 3 takes the program's pid. It ends after its watcher: who has waited for it
    /// finds no process left. SIGKILL, as a subshell that was only just forked swallows a SIGTERM.
    private static let script = """
        unset KEEPER
        cd -- "$1" || exit 126
        signal=$2 grace=$3
        shift 3
        exec 4<&0
        "$@" </dev/null 3>&- 4<&- &
        program=$!
        echo "$program" >&3
        exec 3>&-
        trap 'kill -s "$signal" "$program"' TERM
        trap '' HUP INT
        (
            trap - TERM
            while read -r line; do :; done
            kill -s "$signal" "$program"
            tenths=$((grace * 10))
            while [ "$tenths" -gt 0 ] && kill -0 "$program"; do sleep 0.1; tenths=$((tenths - 1)); done
            kill -KILL "$program"
        ) <&4 4<&- >/dev/null 2>&1 &
        watcher=$!
        exec </dev/null 4<&-
        while :; do
            wait "$program"
            code=$?
            kill -0 "$program" 2>/dev/null || break
        done
        kill -KILL "$watcher" 2>/dev/null
        wait "$watcher" 2>/dev/null
        exit "$code"
        """
}

/// A foreign program that a `Keeper` started. Letting go of the last reference stops it.
package final class KeptProgram: Sendable {
    /// The program's own pid, not the keeper's.
    package let pid: pid_t
    private let keeper: ChildProcess
    private let lifeline: LifelinePipe

    init(pid: pid_t, keeper: ChildProcess, lifeline: LifelinePipe) {
        self.pid = pid
        self.keeper = keeper
        self.lifeline = lifeline
    }

    /// How the program ended (a signal shows as the exit code 128 and the signal); nil while it runs.
    package var end: ProcessEnd? { self.keeper.end }

    /// Asks the program to end in good order, and returns at once.
    package func stop() {
        self.lifeline.cut()
    }

    /// Sends a signal to the program, unless it has ended.
    package func send(signal: Int32) {
        guard self.keeper.end == nil else { return }
        _ = kill(self.pid, signal)
    }

    /// Waits for the end without blocking a thread.
    package func waitForEnd() async -> ProcessEnd {
        await self.keeper.waitForEnd()
    }

    /// Blocks the calling thread until the end, or nil after `timeout`. Never call it on the cooperative pool.
    package func blockUntilEnd(timeout: Duration) -> ProcessEnd? {
        self.keeper.blockUntilEnd(timeout: timeout)
    }
}

/// What stands in the pipe before its end, without the newline.
private func readLine(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64)
    while bytes.count < 1_024 {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}
