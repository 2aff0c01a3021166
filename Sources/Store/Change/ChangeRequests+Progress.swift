package import Spec

/// What becomes of requests. Each statement moves a request only from where it may be moved, so that doing it twice changes nothing;
/// the reconciler checks its lead in the same transaction.
extension ChangeRequests {
    /// Whether a request of the unit is to be carried out now: what a reconciler asks at every look.
    package static func hasDue(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Bool {
        try transaction.query(
            "SELECT EXISTS (SELECT FROM charter.change_request r WHERE \(isDue))", [.text(unit)])[0].boolean(0)
    }

    /// Pending, of the unit `$1`, with no older one that pauses: done before it, the older one would be the last word.
    private static let isDue = """
        r.unit = $1 AND r.state = 'pending' AND r.due_at <= now() AND r.number < coalesce(
            (SELECT min(o.number) FROM charter.change_request o WHERE o.unit = $1 AND o.state = 'pending' AND o.due_at > now()),
            9223372036854775807)
        """

    /// Those that are to be carried out now, in the order in which they were asked for.
    package static func due(_ transaction: Transaction, unit: String, limit: Int) throws(DatabaseError) -> [ChangeRequest] {
        try select(
            transaction, "AS r WHERE \(isDue) ORDER BY number LIMIT $2",
            [.text(unit), .integer(Int64(limit))])
    }

    /// Those in a state between commit and end, in order, behind the number `last`.
    package static func unsettled(
        _ transaction: Transaction, unit: String, _ state: ChangeRequest.State, after last: Int64 = 0, limit: Int
    ) throws(DatabaseError) -> [ChangeRequest] {
        try select(
            transaction, "WHERE unit = $1 AND state = $2 AND state IN ('pending', 'proposed', 'committed') AND number > $3 ORDER BY number LIMIT $4",
            [.text(unit), .text(state.rawValue), .integer(last), .integer(Int64(limit))])
    }

    /// How many wait to be carried out, since when, and why the first of them does; nil where none waits.
    package static func waiting(_ transaction: Transaction) throws(DatabaseError) -> [String: WaitingChanges] {
        var waiting: [String: WaitingChanges] = [:]
        for row in try transaction.query(
            """
            SELECT unit, count(*), \(SQLInstant.milliseconds("min(created_at)")), (array_agg(trouble ORDER BY number))[1]
            FROM charter.change_request WHERE state = 'pending' GROUP BY unit
            """)
        {
            waiting[try row.text(0)] = WaitingChanges(
                count: try row.integer(1), since: try row.instant(2), trouble: row.textOrNil(3))
        }
        return waiting
    }

    /// Notes that the commit may reach the branch from now on; false where the request does not wait any more.
    package static func begin(_ transaction: Transaction, uid: String) throws(DatabaseError) -> Bool {
        try move(transaction, uid, "begun_at = coalesce(begun_at, now())", from: [.pending])
    }

    /// Has it tried again after a pause.
    package static func postpone(
        _ transaction: Transaction, uid: String, trouble: String, after pause: Duration
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid,
            "trouble = $2, attempts = attempts + 1, due_at = now() + $3::bigint * interval '1 millisecond'",
            [.text(trouble), .integer(pause.wholeMilliseconds)], from: [.pending])
    }

    /// The commit is on the branch that is enforced.
    package static func commit(
        _ transaction: Transaction, uid: String, commit: String, by actor: String
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid, "state = 'committed', commit = $2, decided_by = $3, decided_at = now(), trouble = NULL",
            [.text(commit), .text(actor)], from: [.pending])
    }

    /// The commit is on a branch that somebody has to merge.
    package static func propose(
        _ transaction: Transaction, uid: String, commit: String, branch: String, by actor: String
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid,
            "state = 'proposed', commit = $2, branch = $3, decided_by = $4, decided_at = now(), trouble = NULL",
            [.text(commit), .text(branch), .text(actor)], from: [.pending])
    }

    /// An applied revision contains the commit.
    package static func enforce(
        _ transaction: Transaction, uid: String, commit: String, revision: Int64
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid, "state = 'enforced', commit = $2, revision = $3", [.text(commit), .integer(revision)],
            from: [.committed, .proposed])
    }

    package static func refuse(
        _ transaction: Transaction, uid: String, reason: String, place: String?, by actor: String
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid, "state = 'refused', reason = $2, place = $3, decided_by = $4, decided_at = now(), trouble = NULL",
            [.text(reason), .text(place), .text(actor)], from: [.pending])
    }

    /// False where it is carried out already, or may be at this moment. The branch of a proposal is the reconciler's to take away.
    package static func withdraw(
        _ transaction: Transaction, _ tenancy: Tenancy, uid: String, reason: String, by actor: String
    ) throws(DatabaseError) -> Bool {
        try transaction.query(
            """
            UPDATE charter.change_request SET state = 'withdrawn', reason = $3, decided_by = $4, decided_at = now()
            WHERE \(Tenancy.filter(1)) AND uid = $2::uuid AND (state = 'pending' AND begun_at IS NULL OR state = 'proposed')
            """, [tenancy.value, .text(uid), .text(reason), .text(actor)]
        ).affected > 0
    }

    /// Has the same call be another one from now on; the request goes by its own name, which nobody else can have.
    static func forgetKey(_ transaction: Transaction, uid: String) throws(DatabaseError) {
        try transaction.query("UPDATE charter.change_request SET idempotency_key = uid::text WHERE uid = $1::uuid", [.text(uid)])
    }

    /// A proposal whose branch is gone, or was merged without what it asks for.
    package static func abandon(
        _ transaction: Transaction, uid: String, reason: String, by actor: String
    ) throws(DatabaseError) -> Bool {
        try move(
            transaction, uid, "state = 'withdrawn', reason = $2, decided_by = $3, decided_at = now(), branch = NULL",
            [.text(reason), .text(actor)], from: [.proposed])
    }

    /// Withdrawn proposals whose branches were not taken away yet.
    package static func withBranchLeft(_ transaction: Transaction, unit: String, limit: Int) throws(DatabaseError) -> [ChangeRequest] {
        try select(
            transaction, "WHERE unit = $1 AND state = 'withdrawn' AND branch IS NOT NULL ORDER BY number LIMIT $2",
            [.text(unit), .integer(Int64(limit))])
    }

    /// Notes that the branch of a withdrawn proposal is none of ours any more.
    package static func leaveBranch(_ transaction: Transaction, uid: String) throws(DatabaseError) {
        _ = try move(transaction, uid, "branch = NULL", from: [.withdrawn])
    }

    /// Removes some that have been over for so long; answers how many, `limit` where there may be more.
    package static func prune(
        _ transaction: Transaction, unit: String, after retention: Duration, limit: Int
    ) throws(DatabaseError) -> Int {
        try transaction.query(
            """
            DELETE FROM charter.change_request WHERE uid IN (
                SELECT uid FROM charter.change_request
                WHERE unit = $1 AND state IN ('enforced', 'refused', 'withdrawn') AND (state <> 'withdrawn' OR branch IS NULL)
                    AND decided_at < now() - $2::bigint * interval '1 millisecond'
                    AND created_at < now() - $3::bigint * interval '1 millisecond'
                ORDER BY decided_at LIMIT $4)
            """, [.text(unit), .integer(retention.wholeMilliseconds), .integer(keyRetention.wholeMilliseconds), .integer(Int64(limit))]
        ).affected
    }

    /// `change` may use `$2` and following, which are `values`; the states are no words of a caller.
    private static func move(
        _ transaction: Transaction, _ uid: String, _ change: String, _ values: [SQLValue] = [], from states: [ChangeRequest.State]
    ) throws(DatabaseError) -> Bool {
        try transaction.query(
            """
            UPDATE charter.change_request SET \(change)
            WHERE uid = $1::uuid AND state = ANY ($\(values.count + 2)::text[])
            """, [.text(uid)] + values + [.texts(states.map(\.rawValue))]
        ).affected > 0
    }
}

/// Requests of a unit that nobody has carried out.
package struct WaitingChanges: Hashable, Sendable {
    package var count: Int64
    package var since: Instant
    /// Why the first of them waits; nil where it was not tried yet.
    package var trouble: String?
}
