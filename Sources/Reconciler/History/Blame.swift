package import Spec
package import Store

/// Who gave each field of a resource its value: the revision that brought it, and the commit.
package struct Blame: Sendable {
    package struct Line: Sendable {
        /// As people say it, see `FieldPath`.
        package var path: String
        package var pointer: String
        /// JSON text.
        package var value: String
        /// The revision from which the field has this value.
        package var revision: Revision
        package var commit: Commit
        /// Where it stands at the revision asked about.
        package var place: Place?
        /// Whether another file than the resource's own gives it.
        package var isInherited: Bool
    }

    package var key: ResourceKey
    package var uid: String
    package var revision: Revision
    package var lines: [Line]
    /// False where several commits came as one revision and nobody looked into Git which of them it was.
    package var isExact = true

    /// Of the resource that is called as `query` says at a revision; of all its fields, or those at or below `field`.
    package init(
        _ transaction: Transaction, _ query: ResourceQuery, field: String?, at revision: Revision
    ) throws {
        let uids = try History.uids(transaction, query.tenancy, kind: query.kind, name: query.name)
        let there = try History.state(transaction, at: revision.id, of: uids).filter { query.matches($0.value.key) }
        guard let (uid, resource) = there.first else { throw try HistoryProblem.missing(query, transaction) }
        guard there.count == 1 else { throw HistoryProblem.ambiguous(there.values.map(\.key).sorted()) }
        key = resource.key
        self.uid = uid
        self.revision = revision
        let versions = try History.versions(transaction, uid: uid).filter { $0.revision <= revision.id }
        let origins = Self.origins(of: versions)
        let places = try ProvenanceTable.of(transaction, uid: uid).filter { $0.since <= revision.id }
        let revisions = try Revisions.of(transaction, ids: Array(Set(origins.values)))
        lines = FieldLeaves(of: resource.canonical).all.filter { Self.isWanted($0.path, field) }.compactMap { leaf in
            origins[leaf.path].flatMap { revisions[$0] }.map { Line(leaf, since: $0, places) }
        }
        if let field, lines.isEmpty { throw HistoryProblem.noField(field, of: key) }
    }

    /// For each field of the last version, the revision since which it has its value.
    private static func origins(of versions: [(revision: Int64, resource: PastResource?)]) -> [String: Int64] {
        var values: [String: String] = [:]
        var origins: [String: Int64] = [:]
        for (revision, resource) in versions {
            let leaves = resource.map { FieldLeaves(of: $0.canonical).values } ?? [:]
            origins = leaves.reduce(into: [:]) { now, leaf in
                now[leaf.key] = values[leaf.key] == leaf.value ? origins[leaf.key] ?? revision : revision
            }
            values = leaves
        }
        return origins
    }

    /// Whether a path is the field asked for or lies in it; `spec.` before it may be left out.
    private static func isWanted(_ path: String, _ field: String?) -> Bool {
        guard let field else { return true }
        return [field, "spec.\(field)"].contains { wanted in
            path == wanted || path.hasPrefix(wanted + ".") || path.hasPrefix(wanted + "[")
        }
    }
}

extension Blame.Line {
    fileprivate init(
        _ leaf: FieldLeaves.Leaf, since revision: Revision, _ places: [(since: Int64, provenance: Provenance)]
    ) {
        let now = places.last?.provenance
        let then = places.last { $0.since <= revision.id }?.provenance
        let place = now?.place(of: leaf.pointer)
        self.init(
            path: leaf.path, pointer: leaf.pointer, value: leaf.value, revision: revision,
            commit: then.map { Commit($0) } ?? Commit(revision), place: place,
            isInherited: place.map { $0.path != now?.path } ?? false)
    }
}
