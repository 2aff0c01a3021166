internal import Policy
internal import Spec
internal import Store

extension ApprovalCheck {
    /// By what is applied of a unit and of the others beside it; `author` is that of the commit that waits.
    init(_ transaction: Transaction, unit: String, author: String?) throws {
        let units = try UnitOwnership.declared(transaction, Array(ApproverBook.kinds) + [.repository])
        let rows = try History.state(transaction, at: Revisions.currentID(transaction), of: Array(units.keys))
        var people: [String: [Resource]] = [:]
        var rules: [Resource] = []
        for (uid, row) in rows {
            guard let home = units[uid] else { continue }
            let resource = try Self.resource(row)
            if row.key.kind == .repository {
                if home == unit { rules.append(resource) }
            } else {
                people[home, default: []].append(resource)
            }
        }
        let own = (people.removeValue(forKey: unit) ?? []).filter { RightsBook.kinds.contains($0.key.kind) }
        let book = ApproverBook(own, beside: people.values, now: try transaction.clock())
        var terms = Repository.Approvals.standard
        if case .repository(let declared)? = rules.min(by: { $0.key < $1.key })?.body { terms = declared.approvals ?? .standard }
        self.init(terms, book, authors: Set([author.flatMap(ApprovalWord.mail)].compactMap { $0 }), authorSigners: [])
    }

    /// What cannot be read stops whatever rests on it, and never counts as not being there.
    private static func resource(_ row: PastResource) throws(RequestRefusal) -> Resource {
        do { return try Resource.decode(key: row.key, canonical: row.canonical) } catch {
            throw RequestRefusal(
                "this version cannot read \(row.key) as it was applied (\(error)), so what is judged by it cannot be judged",
                hint: "run the version that applied it, or mend charter.history")
        }
    }
}
