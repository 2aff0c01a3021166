internal import Spec
internal import Store

/// Brings the table of resources from what was found to what it should hold, touching no row that is right already.
struct RowWriter {
    let outcome: [StoredResource]
    /// By uid.
    let actual: [String: StoredResource]
    let strangers: [StrangeRow]

    init(outcome: [StoredResource], replacing applied: AppliedState) {
        self.outcome = outcome
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
