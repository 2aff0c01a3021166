internal import Spec
internal import Store

/// Keys for callers whose rights hold in single projects alone.
extension AdminTable {
    /// The declared keys of these projects, then those minted in their pools. A page looks no further than it must to be full.
    static func listKeys(_ call: AdminCall, ofProjects reach: ProjectReach) throws -> AdminAnswer {
        let (limit, place) = (try call.limit(), try call.place())
        return try call.connection.transaction(.repeatableRead) { transaction in
            let org = try call.org(transaction)
            let now = try transaction.clock()
            var shown: [ShownKey] = []
            var behind = place.map { (org: org, name: $0.name) }
            var isMore = place?.org != ShownKey.minted
            while isMore, shown.count <= limit {
                let rows = try Resources.page(transaction, .organization(org), .apiKey, after: behind, limit: AdminCall.pageMax)
                shown += try rows.filter { reach.includes(try $0.project) }.map { try ShownKey(declared: $0, at: now) }
                behind = rows.last.map { (org: org, name: $0.key.name) }
                isMore = rows.count == AdminCall.pageMax
            }
            if shown.count <= limit {
                let pools = try projectPools(transaction, org, reach)
                let after = place?.org == ShownKey.minted ? place?.name ?? "" : ""
                shown += try DelegatedKeys.list(transaction, .organization(org)).filter { pools[$0.poolUID] != nil && $0.uid > after }
                    .sorted { $0.uid < $1.uid }.map { ShownKey(minted: $0, pool: pools[$0.poolUID], at: now) }
            }
            return call.page(shown, limit: limit, position: \.position, \.json)
        }
    }

    /// Names of the pools of these projects, by uid.
    private static func projectPools(_ transaction: Transaction, _ org: String, _ reach: ProjectReach) throws -> [String: String] {
        let pools = try Resources.page(transaction, .organization(org), .keyPool, after: nil, limit: .max)
        return Dictionary(try pools.filter { reach.includes(try $0.project) }.map { ($0.uid, $0.key.name) }) { first, _ in first }
    }

    /// Answers that a key is not there where the caller has the right in other projects alone.
    static func checkReach(_ call: AdminCall, _ permission: Permission, ofKeyIn org: String, _ transaction: Transaction) throws {
        guard call.caller.reach(permission, in: org) != .everything else { return }
        let name = try call.name("key")
        if let row = try Resources.one(transaction, ResourceKey(org: org, kind: .apiKey, name: name)) {
            return try call.checkReach(permission, in: org, of: row)
        }
        guard let row = try DelegatedKeys.find(transaction, .organization(org), uid: name) else { throw Problem.notFound }
        let pools = try projectPools(transaction, org, call.caller.reach(permission, in: org))
        guard pools[row.poolUID] != nil else { throw Problem.notFound }
    }

    /// Answers that a pool is not there where the caller may mint in pools of other projects alone.
    static func checkReach(_ call: AdminCall, ofPool name: String, in org: String, _ transaction: Transaction) throws {
        guard call.caller.reach(.keysMint, in: org) != .everything else { return }
        guard let row = try Resources.one(transaction, ResourceKey(org: org, kind: .keyPool, name: name)) else { throw Problem.notFound }
        try call.checkReach(.keysMint, in: org, of: row)
    }
}
