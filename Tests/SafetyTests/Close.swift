/// Whether two numbers are the same within 1e-6 relative, the tolerance of all reference values; 0 only equals 0 within
/// 1e-12.
func isClose(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-6) -> Bool {
    guard let value else { return false }
    if value == expected { return true }
    return (value - expected).magnitude <= max(1e-12, expected.magnitude * tolerance)
}
