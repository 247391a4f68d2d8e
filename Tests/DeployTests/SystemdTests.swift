import Foundation
import Testing

/// The units of `deploy/`, judged by systemd's own tools; no systemd has to run for that.
@Suite(.enabled(if: isInstalled("/usr/bin/systemd-analyze"), "systemd-analyze is not installed"))
struct SystemdTests {
    private static let units = ["tongxing.service", "tongxing-print@.service", "tongxing-print.socket"]

    /// All units beside one another, with a program that exists here; nothing else differs.
    private func units(in folder: Folder) throws {
        for name in Self.units {
            let shipped = try Repository.text("deploy/" + name)
            let tried = shipped.replacing(/ExecStart=\/usr\/local\/bin\/tongxing .*/, with: "ExecStart=/bin/true")
            #expect((tried != shipped) == name.hasSuffix(".service"))
            try folder.write(tried, to: name)
        }
    }

    @Test(arguments: ["tongxing.service", "tongxing-print@.service", "tongxing-print.socket"])
    func aUnitIsValid(name: String) throws {
        let folder = try Folder()
        try self.units(in: folder)
        let outcome = try run("/usr/bin/systemd-analyze", ["verify", folder.file(name).path])
        // A line about another unit of this machine is none of ours.
        let complaints = outcome.lines.filter { $0.contains("tongxing") }
        #expect(complaints.isEmpty, "\(outcome)")
    }

    /// systemd counts exposure from 0 to 10; up to 2 it calls OK.
    @Test(arguments: ["tongxing.service", "tongxing-print@.service"])
    func aUnitIsHardened(name: String) throws {
        let folder = try Folder()
        try self.units(in: folder)
        let outcome = try run(
            "/usr/bin/systemd-analyze", ["security", "--offline=true", "--threshold=20", folder.file(name).path])
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// Tried with Chromium 156: without any one of these namespaces and calls it ends before it prints. The service
    /// itself keeps all of them shut.
    @Test func onlyWhatPrintsMayMakeASandbox() throws {
        let printing = try Repository.text("deploy/tongxing-print@.service").split(separator: "\n")
        for line in ["RestrictNamespaces=user pid net", "SystemCallFilter=chroot capset", "PrivateNetwork=yes"] {
            #expect(printing.contains { $0 == line }, "\(line)")
        }
        let service = try Repository.text("deploy/tongxing.service").split(separator: "\n")
        #expect(service.contains { $0 == "RestrictNamespaces=yes" } && !service.contains { $0.contains("chroot") })
        #expect(service.contains { $0.hasPrefix("Wants=") && $0.contains("tongxing-print.socket") })
    }

    /// The supervisor stops its parts itself, in order, and they are all in its control group (D8).
    @Test(arguments: ["KillMode=mixed", "TimeoutStopSec=60", "OOMPolicy=continue", "Restart=always"])
    func stoppingLeavesNothingBehind(line: String) throws {
        #expect(try Repository.text("deploy/tongxing.service").split(separator: "\n").contains { $0 == line })
    }
}
