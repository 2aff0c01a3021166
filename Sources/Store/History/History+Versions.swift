internal import Spec

extension History {
    /// Every state that one resource had, with the revision from which it had it, oldest first; nil where it was deleted.
    package static func versions(
        _ transaction: Transaction, uid: String
    ) throws(DatabaseError) -> [(revision: Int64, resource: PastResource?)] {
        var versions: [(revision: Int64, resource: PastResource?)] = []
        var fields: CanonicalFields?
        for change in try of(transaction, uid: uid) {
            var current = versions.last?.resource
            if change.field.isEmpty {
                fields = nil
                current = change.value.map { PastResource(key: change.key, canonical: $0) }
            } else if let canonical = current?.canonical {
                if fields == nil { fields = CanonicalFields(of: canonical) }
                fields?.set(change.field, change.value)
                if let text = fields?.text { current?.canonical = text }
            }
            if versions.last?.revision == change.revision { versions.removeLast() }
            versions.append((change.revision, current))
        }
        return versions
    }
}
