/// Modules name each other, so a browser would find the last of them only after as many ways to and fro as the chain is
/// long. Every page therefore names all that it will need at once.
extension Assets {
    /// The page with a `modulepreload` for each of our modules that its script leads to.
    static func withPreloads(_ page: [UInt8]) -> [UInt8] {
        let text = String(decoding: page, as: UTF8.self)
        guard let script = text.firstMatch(of: /<script type="module" src="([^"]+)"><\/script>/) else { return page }
        let first = String(script.1)
        let links = Self.modules(from: first).filter { $0 != first }
            .map { #"<link rel="modulepreload" href="\#($0)">"# + "\n" }.joined()
        return Array(text.replacing(script.0, with: links + script.0).utf8)
    }

    /// The module and all that it imports, now or later, in the order in which they are found.
    private static func modules(from first: String) -> [String] {
        var found = [first]
        var next = 0
        while next < found.count {
            defer { next += 1 }
            guard let bytes = Self.pages.first(where: { $0.path == found[next] })?.bytes else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            for name in text.matches(of: /(?:from |import\()'(\/app\/[^']+)'/).map({ String($0.1) })
            where !found.contains(name) {
                found.append(name)
            }
        }
        return found
    }
}
