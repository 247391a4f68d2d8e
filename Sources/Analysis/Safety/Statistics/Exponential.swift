import Glibc

/// Logarithms and powers, by name.
enum Exponential {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func exp(_ exponent: Double) -> Double { Glibc.exp(exponent) }
    static func log(_ number: Double) -> Double { Glibc.log(number) }
}
