internal import HTTP
internal import Spec

/// Every route of the admin API; a value.
struct AdminTable: Sendable {
    let routes: [AdminRoute]

    static let all = AdminTable(
        routes: orgRoutes + orgWriteRoutes + keyRoutes + declaredKeyRoutes + budgetRoutes + usageRoutes + decisionRoutes + catalogRoutes + changeRoutes
            + historyRoutes + platformRoutes + planRoutes + driftRoutes + overrideRoutes + pageRoutes + ownRoutes + compatibleRoutes)

    /// Those in the shapes of other platforms.
    private static let compatibleRoutes = platformKeyRoutes + platformUsageRoutes + customerRoutes + appRoutes

    /// How problems are told at a path, whoever calls.
    func problemForm(_ path: String) -> ProblemForm {
        routes.first { $0.problems != .problem && $0.template.covers(path) }?.problems ?? .problem
    }

    /// The route of a path and method with what the path's names are; throws what is said where there is none.
    func route(_ method: Method, _ path: String) throws(Problem) -> (route: AdminRoute, names: [String: String]) {
        let wanted = method == .head ? .get : method
        let matching = routes.compactMap { route in route.template.match(path).map { (route: route, names: $0) } }
        // A word goes before a name: `register` is no application's id.
        let fewest = matching.map(\.names.count).min()
        let found = matching.filter { $0.names.count == fewest }
        if let match = found.first(where: { $0.route.method == wanted }) { return match }
        guard !found.isEmpty else { throw .notFound }
        let allowed = found.map(\.route.method.rawValue)
        throw Problem(
            .methodNotAllowed, "this path takes \(allowed.joined(separator: ", "))",
            allowed: allowed.contains("GET") ? allowed + ["HEAD"] : allowed)
    }
}
