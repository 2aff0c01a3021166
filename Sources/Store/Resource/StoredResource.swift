package import Crypto
package import Spec

/// A resource as PostgreSQL holds it.
package struct StoredResource: Hashable, Sendable {
    package var key: ResourceKey
    package var uid: String
    package var canonical: String
    /// `StateDigest.row` of key and canonical as they were applied; differs from the row's own after an edit by hand.
    package var digest: SHA256Digest
    /// The revision that last changed it.
    package var revision: Int64
    package var unit: String

    package init(
        key: ResourceKey, uid: String, canonical: String, digest: SHA256Digest, revision: Int64, unit: String
    ) {
        self.key = key
        self.uid = uid
        self.canonical = canonical
        self.digest = digest
        self.revision = revision
        self.unit = unit
    }

    /// A resource about to be written.
    package init(key: ResourceKey, uid: String, canonical: String, revision: Int64, unit: String) {
        self.init(
            key: key, uid: uid, canonical: canonical, digest: StateDigest.row(key, canonical), revision: revision,
            unit: unit)
    }
}
