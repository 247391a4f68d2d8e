/// Asks again and again, 10 ms apart, until `condition` holds. For what happens in another process and sends no word of
/// it. The limit only ends a test that has failed; no test depends on how fast something is.
///
/// - Returns: false when it did not come true within `limit`.
package func eventually(within limit: Duration = .seconds(300), _ condition: () async throws -> Bool) async throws
    -> Bool
{
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while try await !condition() {
        guard clock.now < deadline else { return false }
        try await clock.sleep(for: .milliseconds(10))
    }
    return true
}
