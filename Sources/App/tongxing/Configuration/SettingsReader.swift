import Configuration
import Foundation
import Yams

/// Reads settings from flags, then `TONGXING_…` variables, then the file, then the defaults, and refuses keys that it
/// does not know: a misspelt key must not pass for a setting.
struct SettingsReader {
    private let reader: ConfigReader
    /// Parameters that the file sets, as text, by prefix and name.
    let parameters: [String: [String: String]]

    /// - Parameter flags: values from the command line, by key.
    init(file: String?, flags: [String: String], environment: [String: String]) async throws {
        try Self.refuseUnknownVariables(environment)
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map {
                        (AbsoluteConfigKey(Self.path($0.key)), ConfigValue(.string($0.value), isSecret: false))
                    })),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "tongxing"),
        ]
        var parameters: [String: [String: String]] = [:]
        if let file {
            let values = try Self.values(of: file, &parameters)
            providers.append(InMemoryProvider(name: file, values: values))
        }
        self.parameters = parameters
        self.reader = ConfigReader(providers: providers)
    }

    func optionalString(_ setting: Setting) throws -> String? {
        let value = self.reader.string(forKey: ConfigKey(Self.path(setting.key)), isSecret: setting.isSecret)
        return value.flatMap { $0.isEmpty ? nil : $0 } ?? setting.standard
    }

    func string(_ setting: Setting) throws -> String {
        try self.optionalString(setting) ?? ""
    }

    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
        let text = try self.string(setting)
        guard let number = Int(text), range.contains(number) else {
            throw Failure.configuration(
                "\(setting.key): must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }

    private static func path(_ key: String) -> [String] { key.split(separator: ".").map(String.init) }

    /// `database.url` is `TONGXING_DATABASE_URL`, `mqtt.clientID` is `TONGXING_MQTT_CLIENT_ID`.
    static func variable(_ setting: Setting) -> String {
        var name = "TONGXING"
        for component in self.path(setting.key) {
            name += "_"
            var previousIsLower = false
            for character in component {
                if character.isUppercase, previousIsLower { name += "_" }
                previousIsLower = !character.isUppercase
                name += character.uppercased()
            }
        }
        return name
    }

    /// Variables that are not settings but belong to the program.
    static let otherVariables: Set<String> = [
        "TONGXING_CONFIG", "TONGXING_LIFELINE_FD", "TONGXING_PREVIOUS_END", "TONGXING_RUN_ID",
    ]

    private static func refuseUnknownVariables(_ environment: [String: String]) throws {
        let known = Set(Setting.all.map(self.variable)).union(self.otherVariables)
        for name in environment.keys.sorted() where name.hasPrefix("TONGXING_") && !known.contains(name) {
            throw Failure.configuration(
                "environment variable \(name) is no setting: see config/tongxing.yaml for the names")
        }
    }

    /// The file's values as text; throws on a key that no setting has.
    private static func values(
        of file: String, _ parameters: inout [String: [String: String]]
    ) throws -> [AbsoluteConfigKey: ConfigValue] {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw Failure.configuration("cannot read the configuration file \(file)")
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        do {
            guard let root = try Yams.compose(yaml: text) else { return [:] }
            try self.flatten(root, at: [], into: &values, &parameters, file: file)
        } catch let error as YamlError {
            throw Failure.configuration("\(file) is not YAML: \(error)")
        }
        return values
    }

    private static func flatten(
        _ node: Node, at path: [String], into values: inout [AbsoluteConfigKey: ConfigValue],
        _ parameters: inout [String: [String: String]], file: String
    ) throws {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                try self.flatten(value, at: path + [key.string ?? "?"], into: &values, &parameters, file: file)
            }
        case .scalar(let scalar):
            let key = path.joined(separator: ".")
            if let prefix = ParameterOverrides.prefixes.first(where: { key.hasPrefix($0) }) {
                parameters[prefix, default: [:]][String(key.dropFirst(prefix.count))] = scalar.string
                return
            }
            // A heading without values under it is an empty scalar.
            if scalar.string.isEmpty, ParameterOverrides.prefixes.contains(where: { $0.hasPrefix(key + ".") }) {
                return
            }
            if scalar.string.isEmpty, Setting.all.contains(where: { $0.key.hasPrefix(key + ".") }) { return }
            guard let setting = Setting.all.first(where: { $0.key == key }) else {
                throw Failure.configuration(
                    "\(file): unknown key '\(key)'\(self.suggestion(for: key)): see the list in config/tongxing.yaml")
            }
            values[AbsoluteConfigKey(path)] = ConfigValue(.string(scalar.string), isSecret: setting.isSecret)
        case .sequence(let items):
            // Lists may be written as lists; settings hold them comma-separated.
            let joined = items.compactMap(\.string).joined(separator: ",")
            try self.flatten(Node(joined), at: path, into: &values, &parameters, file: file)
        case .alias:
            throw Failure.configuration("\(file): aliases are not used in this file")
        }
    }

    private static func suggestion(for key: String) -> String {
        let last = key.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let near = Setting.all.first { $0.key.lowercased().hasSuffix(last) || $0.key.lowercased() == key.lowercased() }
        return near.map { " (did you mean '\($0.key)'?)" } ?? ""
    }
}
