internal import Crypto
internal import Spec

/// Statements on changes that callers ask for. Times are the database's.
package enum ChangeRequests {
    /// For so long a call with the same idempotency key is the same call.
    package static let keyRetention = Duration.seconds(86_400)

    /// Adds a request of `uid`, or answers the one that the same call added before; an error for another call with its key.
    package static func ask(
        _ transaction: Transaction, _ draft: ChangeDraft, uid: String
    ) throws -> (request: ChangeRequest, isRepeated: Bool) {
        let key = draft.idempotencyKey ?? uid
        // A key that is forgotten makes room under the name of its own request, which nobody else can have.
        try transaction.query(
            """
            UPDATE charter.change_request SET idempotency_key = uid::text
            WHERE caller = $1 AND idempotency_key = $2 AND created_at <= now() - $3::bigint * interval '1 millisecond'
            """, [.text(draft.caller), .text(key), .integer(keyRetention.wholeMilliseconds)])
        let added = try transaction.query(
            """
            INSERT INTO charter.change_request
                (uid, org, unit, state, patch, caller, idempotency_key, base_revision, title, purpose, content)
            VALUES ($1, $2, $3, 'pending', $4, $5, $6, (SELECT coalesce(max(id), 0) FROM charter.revision), $7, $8, $9)
            ON CONFLICT (caller, idempotency_key) DO NOTHING RETURNING uid
            """,
            [
                .text(uid), .text(draft.org ?? ""), .text(draft.unit), .text(draft.patch.json), .text(draft.caller), .text(key),
                .text(draft.title), .text(draft.purpose), .digest(content(of: draft)),
            ])
        let rows = try transaction.query(
            "SELECT \(columns), content = $3 FROM charter.change_request WHERE caller = $1 AND idempotency_key = $2",
            [.text(draft.caller), .text(key), .digest(content(of: draft))])
        guard let row = rows.first else { throw DatabaseError(.unexpectedAnswer, "the change request is not there") }
        let request = try ChangeRequest(row)
        guard added.isEmpty else { return (request, false) }
        // One from before contents were kept is another one.
        guard row.textOrNil(columnCount) == "t" else { throw IdempotencyConflict(uid: request.uid) }
        return (request, true)
    }

    /// The request that the same call added within the time that keys are remembered; an error for another call with its key.
    package static func earlier(_ transaction: Transaction, caller: String, key: String, call: String) throws -> ChangeRequest? {
        let rows = try transaction.query(
            """
            SELECT \(columns), content = $3 FROM charter.change_request
            WHERE caller = $1 AND idempotency_key = $2 AND created_at > now() - $4::bigint * interval '1 millisecond'
            """, [.text(caller), .text(key), .digest(content(of: call)), .integer(keyRetention.wholeMilliseconds)])
        guard let row = rows.first else { return nil }
        let request = try ChangeRequest(row)
        guard row.textOrNil(columnCount) == "t" else { throw IdempotencyConflict(uid: request.uid) }
        return request
    }

    private static func content(of call: String) -> SHA256Digest { SHA256.digest(call) }

    private static func content(of draft: ChangeDraft) -> SHA256Digest {
        if let call = draft.call { return content(of: call) }
        var text = JSONText()
        text.object { text in
            text.member("org", draft.org)
            text.member("unit", draft.unit)
            text.member("patch", draft.patch.json)
            text.member("purpose", draft.purpose)
        }
        return SHA256.digest(text.bytes)
    }

    /// Nil where there is none of that id, or it is somebody else's.
    package static func one(_ transaction: Transaction, _ tenancy: Tenancy, uid: String) throws(DatabaseError) -> ChangeRequest? {
        try select(transaction, "WHERE \(Tenancy.filter(1)) AND uid = $2::uuid", [tenancy.value, .text(uid)]).first
    }

    /// The newest first; those before `number` where it is given, and in these states where any are.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, states: [ChangeRequest.State] = [], before number: Int64? = nil, limit: Int
    ) throws(DatabaseError) -> [ChangeRequest] {
        try select(
            transaction,
            """
            WHERE \(Tenancy.filter(1)) AND ($2::bigint IS NULL OR number < $2) AND (cardinality($3::text[]) = 0 OR state = ANY ($3::text[]))
            ORDER BY number DESC LIMIT $4
            """, [tenancy.value, .integer(number), .texts(states.map(\.rawValue)), .integer(Int64(limit))])
    }

    // MARK: Rows

    static func select(
        _ transaction: Transaction, _ condition: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [ChangeRequest] {
        var requests: [ChangeRequest] = []
        for row in try transaction.query("SELECT \(columns) FROM charter.change_request \(condition)", values) {
            requests.append(try ChangeRequest(row))
        }
        return requests
    }

    private static let columns = """
        uid, number, state, org, unit, title, patch, caller, purpose, idempotency_key, base_revision,
        \(SQLInstant.milliseconds("created_at")), \(SQLInstant.milliseconds("decided_at")), decided_by, reason, place, branch, commit,
        revision, attempts, trouble, begun_at IS NOT NULL
        """
    private static let columnCount = 22
}

extension ChangeRequest {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        guard let state = State(rawValue: try row.text(2)) else {
            throw DatabaseError(.unexpectedAnswer, "a change request is in a state that this program does not know")
        }
        let org = try row.text(3)
        // One that another version wrote in a way that is not known is shown with no step, and refused when it is carried out.
        let patch = ChangePatch(json: try row.text(6)) ?? ChangePatch([])
        self.init(
            uid: try row.text(0), number: try row.integer(1), state: state,
            asked: ChangeDraft(
                org: org.isEmpty ? nil : org, unit: try row.text(4), title: try row.text(5), patch: patch, caller: try row.text(7),
                purpose: try row.text(8), idempotencyKey: try row.text(9)),
            baseRevision: try row.integer(10), createdAt: try row.instant(11), decidedAt: row.instantOrNil(12),
            decidedBy: row.textOrNil(13), reason: row.textOrNil(14), place: row.textOrNil(15), branch: row.textOrNil(16),
            commit: row.textOrNil(17), revision: row.integerOrNil(18), attempts: try row.integer(19), trouble: row.textOrNil(20),
            isBegun: try row.boolean(21))
    }
}
