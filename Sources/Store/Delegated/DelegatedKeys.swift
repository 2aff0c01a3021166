/// Statements on keys that are minted at run time.
package enum DelegatedKeys {
    /// Those that open something now, in the order in which they were minted.
    package static func alive(_ transaction: Transaction) throws(DatabaseError) -> [DelegatedKeyRow] {
        try list(transaction, "revoked_at IS NULL AND expires_at > now()", [])
    }

    /// Those of one pool, or of all that the caller may see; with `ended` also those that open nothing any more.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, poolUID: String? = nil, ended: Bool = false
    ) throws(DatabaseError) -> [DelegatedKeyRow] {
        try list(
            transaction,
            "\(Tenancy.filter(1)) AND ($2::uuid IS NULL OR parent_uid = $2) AND ($3 OR revoked_at IS NULL AND expires_at > now())",
            [tenancy.value, .text(poolUID), .boolean(ended)])
    }

    /// Those that open something now, of these pools or of all, behind the key `after` in the order in which they end. Nothing is behind a key
    /// that is not there.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, pools: [String]? = nil, after uid: String?, limit: Int
    ) throws(DatabaseError) -> [DelegatedKeyRow] {
        let rows = try transaction.query(
            """
            SELECT \(DelegatedKeyRow.columns) FROM charter.delegated_key
            WHERE \(Tenancy.filter(1)) AND revoked_at IS NULL AND expires_at > now() AND ($2::text IS NULL
                OR (expires_at, uid) > (SELECT expires_at, uid FROM charter.delegated_key WHERE \(Tenancy.filter(1)) AND uid = \(uidOfSecond)))
                AND ($4::uuid[] IS NULL OR parent_uid = ANY ($4::uuid[]))
            ORDER BY expires_at, uid LIMIT $3
            """, [tenancy.value, .text(uid), .integer(Int64(limit)), pools.map { .texts($0) } ?? .null])
        return try read(rows)
    }

    /// The key of this uid; nil where the caller's organization has none.
    package static func find(_ transaction: Transaction, _ tenancy: Tenancy, uid: String) throws(DatabaseError) -> DelegatedKeyRow? {
        try list(transaction, "\(Tenancy.filter(1)) AND uid = \(uidOfSecond)", [tenancy.value, .text(uid)]).first
    }

    /// The key of this name that opens something now; nil where the caller's organization has none.
    package static func find(_ transaction: Transaction, _ tenancy: Tenancy, name: String) throws(DatabaseError) -> DelegatedKeyRow? {
        try list(transaction, "\(Tenancy.filter(1)) AND revoked_at IS NULL AND expires_at > now() AND name = $2", [tenancy.value, .text(name)]).first
    }

    /// Whether a key of that name opens something now.
    package static func isTaken(_ transaction: Transaction, _ tenancy: Tenancy, name: String) throws(DatabaseError) -> Bool {
        try find(transaction, tenancy, name: name) != nil
    }

    /// What an issuer minted under an idempotency key.
    package static func find(
        _ transaction: Transaction, issuer: String, orgUID: String, idempotencyKey: String
    ) throws(DatabaseError) -> DelegatedKeyRow? {
        try list(
            transaction, "caller = $1 AND idempotency_key = $2", [.text(issuer), .text(scoped(idempotencyKey, to: orgUID))]
        ).first
    }

    private static func list(_ transaction: Transaction, _ condition: String, _ values: [SQLValue]) throws(DatabaseError) -> [DelegatedKeyRow] {
        let rows = try transaction.query(
            "SELECT \(DelegatedKeyRow.columns) FROM charter.delegated_key WHERE \(condition) ORDER BY sequence", values)
        return try read(rows)
    }

    private static func read(_ rows: Rows) throws(DatabaseError) -> [DelegatedKeyRow] {
        var list: [DelegatedKeyRow] = []
        list.reserveCapacity(rows.count)
        for row in rows { list.append(try DelegatedKeyRow(row)) }
        return list
    }

    /// How many keys of a pool are alive, and how many of them one issuer has. Count after `RuntimeSequence.advance`.
    package static func count(
        _ transaction: Transaction, poolUID: String, issuer: String
    ) throws(DatabaseError) -> (all: Int, ofIssuer: Int) {
        let row = try transaction.query(
            """
            SELECT count(*), count(*) FILTER (WHERE caller = $2) FROM charter.delegated_key
            WHERE parent_uid = $1 AND revoked_at IS NULL AND expires_at > now()
            """, [.text(poolUID), .text(issuer)])[0]
        return (Int(try row.integer(0)), Int(try row.integer(1)))
    }

    /// Writes a key. An idempotency key belongs to its issuer and organization, and is good once.
    package static func insert(
        _ transaction: Transaction, _ key: DelegatedKeyRow, idempotencyKey: String
    ) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.delegated_key
                (uid, org, org_uid, parent_uid, name, digest, prefix, caller, restrictions, idempotency_key, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
                jsonb_strip_nulls(jsonb_build_object('scopes', to_jsonb($9::text[]), 'models', to_jsonb($10::text[]))), $11, $12, $13)
            """,
            [
                .text(key.uid), .text(key.org), .text(key.orgUID), .text(key.poolUID), .text(key.name), .digest(key.digest),
                .text(key.prefix), .text(key.issuer), key.scopes.map { .texts($0) } ?? .null, key.models.map { .texts($0) } ?? .null,
                .text(scoped(idempotencyKey, to: key.orgUID)), .instant(key.createdAt), .instant(key.expiresAt),
            ])
    }

    /// Ends a key now; false where it had ended already. Call `RuntimeSequence.advance` first.
    package static func revoke(_ transaction: Transaction, uid: String, by actor: String) throws(DatabaseError) -> Bool {
        try transaction.query(
            """
            UPDATE charter.delegated_key SET revoked_at = now(), revoked_by = $2
            WHERE uid = $1 AND revoked_at IS NULL AND expires_at > now() RETURNING uid
            """, [.text(uid), .text(actor)]).count == 1
    }

    /// The second parameter as a uid, by which there is an index; null where it is none.
    private static let uidOfSecond = "(CASE WHEN $2::text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $2::text::uuid END)"

    /// The table knows a caller by name, which two organizations may share.
    private static func scoped(_ idempotencyKey: String, to orgUID: String) -> String { "\(orgUID)/\(idempotencyKey)" }
}
