/// Names and values of all parameters, and a version made from them: change one value and the version is another.
package struct ParameterListing: Sendable {
    /// For example `tickets.window`, and its value as text, by name.
    package let values: [(name: String, value: String)]

    /// - Parameter parameters: a structure of structures, lists and numbers.
    package init(_ parameters: some Codable) {
        var values: [(name: String, value: String)] = []
        Self.collect(parameters, "", into: &values)
        self.values = values.sorted { $0.name < $1.name }
    }

    /// 16 hexadecimal digits: FNV-1a over names and values.
    package var version: String { Self.version(of: self.values) }

    /// The version of one group, for example `tickets`.
    package func version(ofGroup group: String) -> String {
        Self.version(of: self.values.filter { $0.name.hasPrefix(group + ".") })
    }

    /// The same of any names and values.
    package static func version(of values: [(name: String, value: String)]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for (name, value) in values {
            for byte in (name + "=" + value + "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Walks through structures and lists down to numbers.
    private static func collect(_ value: Any, _ name: String, into values: inout [(name: String, value: String)]) {
        let children = Mirror(reflecting: value).children
        guard !children.isEmpty else {
            // Swift prints a number in the shortest form that reads back the same.
            values.append((name, String(describing: value)))
            return
        }
        for (index, child) in children.enumerated() {
            let label = child.label ?? String(index)
            Self.collect(child.value, name.isEmpty ? label : name + "." + label, into: &values)
        }
    }
}

extension AnalysisParameters {
    /// Tells apart any two sets of parameters that differ in a value: the version, a hyphen and 16 hexadecimal digits.
    package var versionName: String { "\(self.version)-" + ParameterListing(self).version }
}
