import Testing

@testable import PostgresClient

@Suite struct SQLStateTests {
    @Test(arguments: [
        ("40001", Remedy.retry), ("40P01", .retry), ("57P01", .reconnect), ("57P03", .reconnect), ("08006", .reconnect),
        ("53100", .reconnect), ("53300", .reconnect), ("25006", .reconnect), ("23505", .refuseRow),
        ("23514", .refuseRow),
        ("22003", .refuseRow), ("22021", .refuseRow), ("42P01", .stop), ("42501", .stop), ("28P01", .stop),
        ("3D000", .stop),
        ("XX000", .reconnect), ("ZZZZZ", .stop),
    ])
    func everyClassHasARemedy(code: String, remedy: Remedy) {
        #expect(SQLState(code).remedy == remedy)
    }

    @Test func connectionProblemsAreNoReasonToStop() {
        #expect(PostgresError(.connectionFailed, message: "").remedy == .reconnect)
        #expect(PostgresError(.connectionLost, message: "").remedy == .reconnect)
        #expect(PostgresError(.unexpectedResult, message: "").remedy == .stop)
    }
}
