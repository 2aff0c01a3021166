package import Spec

/// A key that was minted at run time: what it adds to its pool's declaration.
package struct DelegatedKey: Sendable {
    package var uid: String
    package var poolUID: String
    package var name: String
    package var digest: KeyDigest
    /// Name of the Member with whose rights it acts.
    package var issuer: String
    package var expires: Instant
    /// Of the pool's; nil for all of them.
    package var scopes: [String]?
    /// Of the pool's; nil for all of them.
    package var models: [ModelPattern]?

    package init(
        uid: String, poolUID: String, name: String, digest: KeyDigest, issuer: String, expires: Instant, scopes: [String]? = nil,
        models: [ModelPattern]? = nil
    ) {
        self.uid = uid
        self.poolUID = poolUID
        self.name = name
        self.digest = digest
        self.issuer = issuer
        self.expires = expires
        self.scopes = scopes
        self.models = models
    }
}
