import Testing

@testable import LocalServers

@Suite struct StartFailureTests {
    private static let full = """
        creating configuration files ... ok
        initdb: error: could not write to file "pg_wal/xlogtemp.1": No space left on device
        """

    @Test(arguments: [
        (
            "2026 [1] LOG:  starting\n2026 [1] FATAL:  lock file is there\nHINT: x",
            LocalServerError.Code.failedToStart,
            "FATAL:  lock file is there"
        ),
        ("LOG:  could not bind IPv4 address: Address already in use\nFATAL:  none", .portTaken, "5433"),
        ("Error: Address already in use", .portTaken, "5433"),
        (full, .diskFull, "No space left on device"),
        ("initdb: error: could not access directory \"/root/x\": Permission denied", .notAllowed, "/root/x"),
        ("first\n\n  last  \n\n", .failedToStart, "last"),
        ("", .failedToStart, "?"),
    ])
    func whatAServerSaidBecomesOneLine(output: String, code: LocalServerError.Code, words: String) {
        let error = startFailure(of: "server", port: 5433, output: output, log: "/log")
        #expect(error.code == code)
        #expect(error.description.contains(words))
        #expect(error.description.contains(" / ") && !error.description.contains("\n"))
    }

    @Test func missingProgramsNameTheirPackage() {
        let error = #expect(throws: LocalServerError.self) { try PostgresPrograms.find(version: 7) }
        #expect(error?.code == .programMissing)
        #expect(error?.description.contains("apt-get install postgresql-7") == true)
    }

    @Test func aDiskWithoutRoomIsSaidBeforehand() {
        let folder = ServerFolder("/tmp", account: nil)
        let error = #expect(throws: LocalServerError.self) { try folder.requireSpace(.max) }
        #expect(error?.code == .diskFull)
        #expect(throws: Never.self) { try folder.requireSpace(1) }
    }
}
