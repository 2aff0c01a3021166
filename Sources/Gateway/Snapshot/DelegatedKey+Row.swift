internal import Crypto
internal import Policy
internal import Spec
internal import Store

extension DelegatedKey {
    /// A key as PostgreSQL has it. A pattern that this version cannot read matches nothing, so that it never widens.
    init(_ row: DelegatedKeyRow) {
        self.init(
            uid: row.uid, poolUID: row.poolUID, name: row.name, digest: KeyDigest(lanes: row.digest.lanes), issuer: row.issuer,
            expires: row.expiresAt, scopes: row.scopes,
            models: row.models?.map { text in (try? ModelPattern.parse(text)) ?? .name("-") })
    }
}
