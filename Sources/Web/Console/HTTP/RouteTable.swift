import HTTPTypes
import Hummingbird

/// Every address that the console answers, in one list. All of them are read with GET or HEAD.
struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, ConsoleContext) async throws -> Response

    /// One address and what answers it.
    struct Route: Sendable {
        /// `/api/v1/deliveries/{id}`, as in `openapi.yaml`.
        var template: String
        var handler: Handler
    }

    private(set) var routes: [Route] = []

    mutating func add(_ template: String, _ handler: @escaping Handler) {
        self.routes.append(Route(template: template, handler: handler))
    }

    func install(in router: Router<ConsoleContext>) {
        for route in self.routes {
            let path = RouterPath(route.template)
            router.on(path, method: .get) { try await route.handler($0, $1) }
            router.on(path, method: .head) { try await route.handler($0, $1).createHeadResponse() }
        }
    }

    /// Whether a route answers this path, whatever the method.
    func knows(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return self.routes.contains { route in
            let pattern = route.template.split(separator: "/")
            return pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }
}
