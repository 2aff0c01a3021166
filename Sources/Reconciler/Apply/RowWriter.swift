internal import Spec
internal import Store

/// Brings the table of resources from what was found to what it should hold, touching no row that is right already.
struct RowWriter {
    let outcome: [StoredResource]
    /// By uid.
    let actual: [String: StoredResource]
    let strangers: [StrangeRow]

    /// `left` are the uids of rows that stay as they are found, and `names` keys that are not written either; what they took the name of
    /// waits with them.
    init(outcome: [StoredResource], replacing applied: AppliedState, leaving left: Set<String> = [], names: Set<ResourceKey> = []) {
        var applied = applied
        let names = left.isEmpty ? names : names.union(applied.leave(left))
        if !names.isEmpty { for row in outcome where names.contains(row.key) { applied.actual[row.uid] = nil } }
        self.outcome = left.isEmpty && names.isEmpty ? outcome : outcome.filter { !left.contains($0.uid) && !names.contains($0.key) }
        actual = applied.actual
        strangers = applied.strangers
    }

    /// Whether any row is to be touched.
    var hasWork: Bool { !resources.isEmpty }

    /// The uids of the rows that are written or removed.
    var resources: Set<String> {
        let names = Set(surplus)
        return Set(outcome.filter(needsWriting).map(\.uid)).union(strangers.map(\.uid))
            .union(actual.values.filter { names.contains($0.key) }.map(\.uid))
    }

    func write(_ transaction: Transaction, revision: Int64) throws {
        try Resources.delete(transaction, strangers: strangers)
        try Resources.delete(transaction, surplus)
        try Resources.upsert(
            transaction,
            outcome.filter(needsWriting).map { row in
                var row = row
                row.revision = revision
                return row
            })
    }

    private var surplus: [ResourceKey] {
        let keys = Set(outcome.map(\.key))
        let uids = Set(outcome.map(\.uid))
        return actual.values.filter { !keys.contains($0.key) && !uids.contains($0.uid) }.map(\.key)
    }

    private func needsWriting(_ row: StoredResource) -> Bool {
        guard let found = actual[row.uid] else { return true }
        return (found.key, found.canonical, found.digest, found.unit) != (row.key, row.canonical, row.digest, row.unit)
    }
}
