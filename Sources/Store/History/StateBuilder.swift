internal import Spec

/// Replays changes, ordered by uid and revision, into the state they lead to.
struct StateBuilder {
    private var state: [String: PastResource] = [:]
    private var current: PastResource?
    private var uid = ""
    /// The current resource's fields, once a single one of them has changed.
    private var fields: CanonicalFields?

    mutating func add(_ change: FieldChange) {
        if change.uid != uid { close() }
        uid = change.uid
        if change.field.isEmpty {
            fields = nil
            current = change.value.map { PastResource(key: change.key, canonical: $0) }
        } else if let canonical = current?.canonical {
            if fields == nil { fields = CanonicalFields(of: canonical) }
            fields?.set(change.field, change.value)
        }
    }

    mutating func finish() -> [String: PastResource] {
        close()
        return state
    }

    private mutating func close() {
        if let text = fields?.text { current?.canonical = text }
        if let current { state[uid] = current }
        current = nil
        fields = nil
    }
}
