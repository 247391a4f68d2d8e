import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Outermost of all: refuses foreign hosts, asks who is there, turns every error into problem details, packs long
/// texts, adds the security headers, counts the request.
struct Gatekeeper: RouterMiddleware {
    let table: RouteTable
    let hosts: HostGuard
    let access: AccessGate
    let requests: RequestCounter
    let contentSecurityPolicy: String
    let logger: Logger

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        var isKnown = false
        do {
            guard self.hosts.allows(request.head.authority) else { throw Problem.foreignHost }
            let principal = try await self.access.principal(of: request, context)
            var known = context
            known.principal = principal
            isKnown = principal != nil
            response = try await Principal.$current.withValue(principal) { [known] in try await next(request, known) }
            response = try await Compression.applied(response, to: request)
        } catch {
            let problem = self.problem(for: error, request, isKnown: isKnown)
            response = Problem.isForPage(request) ? problem.page : problem.response
            if request.method == .head { response = response.createHeadResponse() }
        }
        response.headers[.contentSecurityPolicy] = self.contentSecurityPolicy
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        if self.access.isBehindTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        let elapsed = ContinuousClock.now - start
        self.requests.count(
            route: context.endpointPath ?? "none", method: request.method.rawValue, status: response.status.code,
            seconds: elapsed / .seconds(1))
        return response
    }

    private func problem(for error: any Error, _ request: Request, isKnown: Bool) -> Problem {
        let path = request.uri.path
        switch error {
        case let problem as Problem:
            return problem
        case FleetReadingError.badCursor:
            return .badParameter(
                "after", zh: "应取自上一页的 next", en: "It must come from the `next` of the page before")
        case FleetReadingError.unavailable(let reason):
            self.logger.debug("Store unavailable", metadata: ["http.path": "\(path)", "reason": "\(reason)"])
            return .storeUnavailable(path)
        case let error as any HTTPResponseError where error.status == .notFound:
            // Whoever has not logged in learns of no address.
            guard isKnown || AccessTable.rule(of: path, changes: false) == .anyone else { return .notLoggedIn(path) }
            let methods = self.table.methods(of: path)
            return methods.isEmpty || methods.contains(request.method.rawValue)
                ? .noRoute(path) : .methodNotAllowed(path, methods)
        default:
            self.logger.error("Request failed", metadata: ["http.path": "\(path)", "error": "\(error)"])
            return .defect(path)
        }
    }
}

/// Requests by route, method and status, for `/metrics`.
final class RequestCounter: Sendable {
    /// What requests are told apart by.
    struct Key: Hashable, Sendable {
        var route: String
        var method: String
        var status: Int
    }

    /// How many they were, and how long they took.
    struct Total: Sendable {
        var count: UInt64 = 0
        var seconds: Double = 0
    }

    private let totals = Mutex<[Key: Total]>([:])

    func count(route: String, method: String, status: Int, seconds: Double) {
        // Any other method than these would let a client grow the table without end.
        let method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "other"
        self.totals.withLock { totals in
            totals[Key(route: route, method: method, status: status), default: Total()].count += 1
            totals[Key(route: route, method: method, status: status), default: Total()].seconds += seconds
        }
    }

    var snapshot: [(key: Key, total: Total)] {
        self.totals.withLock { totals in
            totals.map { (key: $0.key, total: $0.value) }
                .sorted { ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status) }
        }
    }
}
