import HTTPTypes
import Hummingbird

/// Every address that the console answers, in one list. What each asks of the one who asks stands in `AccessTable`, and
/// an address that is not in it is refused.
struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, ConsoleContext) async throws -> Response

    /// One address and what answers it.
    struct Route: Sendable {
        /// `/api/v1/deliveries/{id}`, as in `openapi.yaml`.
        var template: String
        /// The names that the query may hold; `nil` where the query says nothing, as of the page's files.
        var parameters: [String]?
        /// Answers POST; else GET and HEAD.
        var changes: Bool
        var handler: Handler
    }

    private(set) var routes: [Route] = []

    mutating func add(_ template: String, _ parameters: [String]? = nil, _ handler: @escaping Handler) {
        self.routes.append(Route(template: template, parameters: parameters, changes: false, handler: handler))
    }

    /// An address that changes something: it takes a JSON body by POST.
    mutating func addChange(_ template: String, _ handler: @escaping Handler) {
        self.routes.append(Route(template: template, parameters: [], changes: true, handler: handler))
    }

    func install(in router: Router<ConsoleContext>, behind gate: AccessGate) {
        for route in self.routes {
            let path = RouterPath(route.template)
            if route.changes {
                router.on(path, method: .post) { try await route.answer($0, $1, gate) }
            } else {
                router.on(path, method: .get) { try await route.answer($0, $1, gate) }
                router.on(path, method: .head) { try await route.answer($0, $1, gate).createHeadResponse() }
            }
        }
    }

    /// The methods that this path answers, for `Allow`; empty where there is nothing.
    func methods(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        let found = self.routes.filter { route in
            let pattern = route.template.split(separator: "/")
            return pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return (found.contains { !$0.changes } ? ["GET", "HEAD"] : [])
            + (found.contains(where: \.changes) ? ["POST"] : [])
    }
}

extension RouteTable.Route {
    /// The handler's answer, unless the one who asks may not have it, or the query holds a name that this address does
    /// not know.
    fileprivate func answer(
        _ request: Request, _ context: ConsoleContext, _ gate: AccessGate
    ) async throws -> Response {
        if let elsewhere = try await gate.admit(request, context, to: self) { return elsewhere }
        if let known = self.parameters, let unknown = Query.names(of: request).first(where: { !known.contains($0) }) {
            throw Problem.unknownParameter(String(unknown.prefix(80)), known: known)
        }
        return try await self.handler(request, context)
    }
}
