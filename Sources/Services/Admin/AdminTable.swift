internal import HTTP
internal import Spec

/// Every route of the admin API; a value.
struct AdminTable: Sendable {
    let routes: [AdminRoute]

    static let all = AdminTable(
        routes: orgRoutes + orgWriteRoutes + keyRoutes + declaredKeyRoutes + budgetRoutes + usageRoutes + catalogRoutes + changeRoutes
            + historyRoutes + platformRoutes + ownRoutes)

    /// The route of a path and method with what the path's names are; throws what is said where there is none.
    func route(_ method: Method, _ path: String) throws(Problem) -> (route: AdminRoute, names: [String: String]) {
        let wanted = method == .head ? .get : method
        let found = routes.compactMap { route in route.template.match(path).map { (route: route, names: $0) } }
        if let match = found.first(where: { $0.route.method == wanted }) { return match }
        guard !found.isEmpty else { throw .notFound }
        let allowed = found.map(\.route.method.rawValue)
        throw Problem(
            .methodNotAllowed, "this path takes \(allowed.joined(separator: ", "))",
            allowed: allowed.contains("GET") ? allowed + ["HEAD"] : allowed)
    }
}
