import Testing

@testable import PostgresClient

@Suite struct SQLStateTests {
    /// Every row of the table by at least one code, and codes beside the rows.
    private static let cases: [(code: String, remedy: Remedy)] = [
        ("08000", .reconnect), ("08003", .reconnect), ("08006", .reconnect), ("08P01", .reconnect),
        ("0A000", .reconnect),
        ("22001", .refuseRow), ("22003", .refuseRow), ("22008", .refuseRow), ("22021", .refuseRow),
        ("22P03", .refuseRow),
        ("23502", .refuseRow), ("23503", .refuseRow), ("23505", .refuseRow), ("23514", .refuseRow),
        ("23P01", .refuseRow),
        ("25006", .reconnect), ("25P01", .reconnect), ("25P02", .reconnect), ("25P03", .reconnect),
        ("26000", .reconnect),
        ("28000", .stop), ("28P01", .stop), ("3D000", .stop), ("3F000", .stop),
        ("40000", .retry), ("40001", .retry), ("40002", .refuseRow), ("40003", .reconnect), ("40P01", .retry),
        ("42P05", .reconnect), ("42501", .stop), ("42601", .stop), ("42703", .stop), ("42P01", .stop),
        ("42883", .stop),
        ("44000", .refuseRow),
        ("53100", .reconnect), ("53200", .reconnect), ("53300", .reconnect), ("53400", .reconnect),
        ("54000", .refuseRow), ("54001", .refuseRow),
        ("55P02", .stop), ("55P03", .retry), ("55000", .reconnect), ("55006", .reconnect),
        ("57014", .retry), ("57P01", .reconnect), ("57P02", .reconnect), ("57P03", .reconnect), ("57P04", .reconnect),
        ("57P05", .reconnect), ("57000", .reconnect),
        ("58000", .reconnect), ("58030", .reconnect), ("58P01", .reconnect),
        ("72000", .retry), ("F0000", .reconnect), ("F0001", .reconnect),
        ("P0001", .refuseRow), ("P0004", .stop),
        ("XX000", .reconnect), ("XX001", .stop), ("XX002", .stop),
        // In no row: a person looks.
        ("0P000", .stop), ("2BP01", .stop), ("HV000", .stop), ("ZZZZZ", .stop), ("", .stop),
    ]

    @Test func everyClassHasARemedy() {
        for (code, remedy) in Self.cases { #expect(SQLState(code).remedy == remedy, "\(code)") }
    }

    /// A row that a row before it always wins over would never count, and one without a case is not tested.
    @Test func everyRowOfTheTableDecidesSomething() {
        for (index, row) in SQLState.remedies.enumerated() {
            let earlier = SQLState.remedies[..<index].first { row.prefix.hasPrefix($0.prefix) }
            #expect(earlier == nil, "\(row.prefix) comes after \(earlier?.prefix ?? "")")
            let isTested = Self.cases.contains { tested in
                SQLState.remedies.first { tested.code.hasPrefix($0.prefix) }?.prefix == row.prefix
            }
            #expect(isTested, "\(row.prefix) has no case")
        }
    }

    @Test func connectionProblemsAreNoReasonToStop() {
        #expect(PostgresError(.connectionFailed, message: "").remedy == .reconnect)
        #expect(PostgresError(.connectionLost, message: "").remedy == .reconnect)
        #expect(PostgresError(.unexpectedResult, message: "").remedy == .stop)
        #expect(PostgresError(.unusableAddress, message: "").remedy == .stop)
    }

    /// While connecting there is no row to refuse and no transaction to run again.
    @Test(arguments: [
        ("28P01", Remedy.stop), ("3D000", .stop), ("22023", .stop), ("57P03", .reconnect), ("53300", .reconnect),
        ("40001", .reconnect), ("42501", .stop),
    ])
    func aRefusedConnectionStopsOrWaits(code: String, remedy: Remedy) {
        #expect(PostgresError(.refused(SQLState(code)), message: "").remedy == remedy)
    }

    @Test(
        arguments: [
            (
                "connection to server at \"h\", port 5 failed: FATAL:  28P01: password authentication failed\nLOCATION:  f, a.c:3\n",
                "28P01", "connection to server at \"h\", port 5 failed: FATAL:  password authentication failed"
            ),
            ("失败: 致命错误:  3D000: 数据库 \"x\" 不存在\n位置:  InitPostgres, p.c:9\n", "3D000", "失败: 致命错误:  数据库 \"x\" 不存在"),
            ("could not connect: Connection refused\n", nil, nil), ("", nil, nil), (":  abcde: x", nil, nil),
            (":  28P01", nil, nil),
        ] as [(String, String?, String?)])
    func theCodeIsFoundInAnyLanguage(text: String, code: String?, message: String?) {
        let found = ConnectionOpening.refusal(in: text)
        #expect(found?.state.code == code)
        #expect(found?.message == message)
    }
}
