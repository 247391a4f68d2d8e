import Foundation
import Testing

/// `deploy/tongxing.service`, judged by systemd's own tools; no systemd has to run for that.
@Suite(.enabled(if: isInstalled("/usr/bin/systemd-analyze"), "systemd-analyze is not installed"))
struct SystemdTests {
    /// The unit with a program that exists here; nothing else differs.
    private func unit(in folder: Folder) throws -> String {
        let shipped = try Repository.text("deploy/tongxing.service")
        let tried = shipped.replacing("ExecStart=/usr/local/bin/tongxing serve", with: "ExecStart=/bin/true")
        #expect(tried != shipped)
        return try folder.write(tried, to: "tongxing.service").path
    }

    @Test func theUnitIsValid() throws {
        let folder = try Folder()
        let outcome = try run("/usr/bin/systemd-analyze", ["verify", self.unit(in: folder)])
        // A line about another unit of this machine is none of ours.
        let complaints = outcome.lines.filter { $0.contains("tongxing") }
        #expect(complaints.isEmpty, "\(outcome)")
    }

    /// systemd counts exposure from 0 to 10; up to 2 it calls OK.
    @Test func theUnitIsHardened() throws {
        let folder = try Folder()
        let outcome = try run(
            "/usr/bin/systemd-analyze", ["security", "--offline=true", "--threshold=20", self.unit(in: folder)])
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// The supervisor stops its parts itself, in order, and they are all in its control group (D8).
    @Test(arguments: ["KillMode=mixed", "TimeoutStopSec=60", "OOMPolicy=continue", "Restart=always"])
    func stoppingLeavesNothingBehind(line: String) throws {
        #expect(try Repository.text("deploy/tongxing.service").split(separator: "\n").contains { $0 == line })
    }
}
