package import Spec
package import Store

/// What became of one resource, through its renames, deletions and re-creations, the newest first.
package struct ResourceHistory: Sendable {
    package var key: ResourceKey
    package var entries: [(revision: Revision, change: Change)]
    /// Whether older ones were left out.
    package var hasMore: Bool

    /// Of the one resource that was ever called as `query` says; so many revisions at most.
    package init(_ transaction: Transaction, _ query: ResourceQuery, limit: Int = .max) throws {
        let uids = try History.uids(transaction, query.tenancy, kind: query.kind, name: query.name)
        let versions = try uids.map { uid in (uid: uid, all: try History.versions(transaction, uid: uid)) }
        let keys = Set(versions.flatMap { $0.all.compactMap(\.resource?.key) }.filter(query.matches))
        guard let key = keys.first else { throw try HistoryProblem.missing(query, transaction) }
        guard keys.count == 1 else { throw HistoryProblem.ambiguous(keys.sorted()) }
        self.key = key
        let revisions = try Revisions.of(transaction, ids: versions.flatMap { $0.all.map(\.revision) })
        var entries: [(revision: Revision, change: Change)] = []
        for (uid, all) in versions {
            let places = try ProvenanceTable.of(transaction, uid: uid)
            entries += Self.entries(uid: uid, all, places, revisions)
        }
        entries.sort { ($0.revision.id, $0.change.key) > ($1.revision.id, $1.change.key) }
        self.entries = Array(entries.prefix(limit))
        hasMore = entries.count > limit
    }

    private static func entries(
        uid: String, _ versions: [(revision: Int64, resource: PastResource?)],
        _ places: [(since: Int64, provenance: Provenance)], _ revisions: [Int64: Revision]
    ) -> [(revision: Revision, change: Change)] {
        func place(at revision: Int64) -> Provenance? { places.last { $0.since <= revision }?.provenance }
        var before: PastResource?
        var found: [(revision: Revision, change: Change)] = []
        for (id, resource) in versions {
            defer { before = resource }
            guard let revision = revisions[id],
                let change = Change(
                    uid: uid, from: before, place(at: id - 1), to: resource, place(at: id), by: Commit(revision))
            else { continue }
            found.append((revision, change))
        }
        return found
    }

    package var text: String {
        let parts = entries.map { revision, change in ([revision.brief] + change.lines).joined(separator: "\n") }
        return (parts + (hasMore ? ["(older ones: --limit)"] : [])).joined(separator: "\n\n")
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("resource", .string("\(key)")),
            (
                "history",
                .array(entries.map { .object([("revision", $0.revision.json), ("change", $0.change.json)]) })
            ),
            ("more", .bool(hasMore)),
        ])
    }
}

extension Revision {
    /// One line.
    fileprivate var brief: String {
        "Revision \(id)  \(appliedAt.iso8601)  \(commit.prefix(10)) \"\(message.printable)\" by \(author.printable)"
    }
}

extension ResourceQuery {
    /// The name that was probably meant, of all that resources of the kind ever had.
    package func near(in transaction: Transaction) throws -> String? {
        guard let kind, let name else { return nil }
        return Suggestion.nearest(to: name, among: try History.names(transaction, of: kind).filter { $0 != name })
    }
}

extension HistoryProblem {
    /// Nothing is, or ever was, called so.
    static func missing(_ query: ResourceQuery, _ transaction: Transaction) throws -> HistoryProblem {
        .noResource(query.text, near: try query.near(in: transaction))
    }
}
