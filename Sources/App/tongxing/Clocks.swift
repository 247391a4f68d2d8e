import Chronology
import Glibc

/// The machine's clocks. The only place that reads them for the pipeline and the analysis.
enum Clocks {
    /// The server's time of day.
    static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Milliseconds on a clock that never jumps.
    static func monotonicMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    /// Blocks the calling thread, which must be one of its own and never one of Swift's cooperative pool, in short
    /// steps until the time is up or `isStopRequested`.
    static func pause(milliseconds: Int, isStopRequested: () -> Bool = { false }) {
        let end = self.monotonicMilliseconds() + milliseconds
        while !isStopRequested() {
            let left = end - self.monotonicMilliseconds()
            guard left > 0 else { return }
            // poll(2) without descriptors waits, and nothing else.
            _ = poll(nil, 0, Int32(min(left, 50)))
        }
    }
}
