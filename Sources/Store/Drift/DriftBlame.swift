/// Whether PostgreSQL notes who writes declared state beside Charter.
package enum DriftBlame: String, Hashable, Sendable {
    case off
    /// Some triggers are missing or disabled, so writes may go unnoted.
    case partial
    case on

    /// What `application_name` is while a revision is written, whatever the URL says; triggers tell by it, and by the role, whose hand it is.
    static let application = "charter apply"

    /// Installs the triggers, or installs them anew; `writer` is the role whose applies are not noted, by default the present one.
    ///
    /// Waits for applies under way, and they for it.
    package static func begin(_ transaction: Transaction, writer: String? = nil) throws(DatabaseError) {
        try transaction.query(
            "SELECT charter.blame_drift(coalesce($1, current_user), $2)", [.text(writer), .text(application)])
    }

    /// Takes the triggers away; what was noted stays for its time.
    package static func end(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("SELECT charter.stop_blaming_drift()")
    }

    package static func standing(_ transaction: Transaction) throws(DatabaseError) -> DriftBlame {
        // A trigger that was disabled, or fires for replication alone, notes no hand.
        let count = try transaction.query(
            """
            SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'drift\\_blame\\_%' AND tgenabled IN ('O', 'A')
                AND tgfoid = 'charter.note_drift_write'::regproc
            """)[0].integer(0)
        return count == 0 ? .off : count < triggerCount ? .partial : .on
    }

    /// Four tables, and what can be done to each: INSERT, UPDATE, DELETE, TRUNCATE.
    private static let triggerCount: Int64 = 16
}
