package import Spec

/// What happened to one field of one resource at one revision.
package struct FieldChange: Hashable, Sendable {
    package var uid: String
    /// The name at that revision.
    package var key: ResourceKey
    /// JSON pointer into the canonical text; empty for the whole resource.
    package var field: String
    /// JSON text as it stands in canonical; nil where the field or the resource was removed.
    package var value: String?
    package var revision: Int64

    package init(uid: String, key: ResourceKey, field: String, value: String?, revision: Int64) {
        self.uid = uid
        self.key = key
        self.field = field
        self.value = value
        self.revision = revision
    }
}

/// A resource as it was at some revision.
package struct PastResource: Hashable, Sendable {
    package var key: ResourceKey
    package var canonical: String

    package init(key: ResourceKey, canonical: String) {
        self.key = key
        self.canonical = canonical
    }
}
