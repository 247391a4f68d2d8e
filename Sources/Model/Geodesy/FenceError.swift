/// Why a fence cannot be made of what a register says.
package struct FenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Not WKT of a POLYGON or MULTIPOLYGON with two coordinates a corner.
        case syntax
        /// `EMPTY`, or no ring.
        case empty
        /// A latitude or longitude that is not finite or beyond ± 90°, ± 180°.
        case outOfRange = "out-of-range"
        /// A ring whose last corner is not its first.
        case unclosed
        /// A ring with fewer than three distinct corners.
        case tooFewCorners = "too-few-corners"
        /// More corners than `Fence.maximumCorners`.
        case tooManyCorners = "too-many-corners"
        /// A radius outside `Fence.radiusRange`.
        case radius
        /// A reference system other than SRID 4326.
        case reference
    }

    package var code: Code
    /// What is wrong and where, in Chinese and English; without the register's values.
    package var message: String

    package var description: String { self.message }
}
