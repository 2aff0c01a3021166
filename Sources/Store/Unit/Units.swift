internal import Spec

/// Statements on the units that move on their own. Times are the database's.
package enum Units {
    /// What a unit is called that nobody gave a name.
    package static let usual = "default"

    /// Makes the unit known, and keeps its address up to date.
    package static func ensure(
        _ transaction: Transaction, name: String, repository: String, folder: String
    ) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.unit (name, repository, folder) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET repository = excluded.repository, folder = excluded.folder
            WHERE (charter.unit.repository, charter.unit.folder) <> (excluded.repository, excluded.folder)
            """, [.text(name), .text(repository), .text(folder)])
    }

    /// Holds the unit until the transaction ends, so that one apply moves it at a time.
    package static func lock(_ transaction: Transaction, name: String) throws(DatabaseError) {
        try transaction.query("SELECT FROM charter.unit WHERE name = $1 FOR UPDATE", [.text(name)])
    }

    /// Holds the unit as `lock` does, and makes a transaction that saw it before begin again where it is serialized.
    package static func touch(_ transaction: Transaction, name: String) throws(DatabaseError) {
        try transaction.query("UPDATE charter.unit SET name = name WHERE name = $1", [.text(name)])
    }

    package static func recordFetch(
        _ transaction: Transaction, unit: String, _ status: FetchStatus
    ) throws(DatabaseError) {
        switch status {
        case .tip(let commit):
            try transaction.query(
                """
                UPDATE charter.unit SET fetched_commit = $2, fetched_at = now(), fetch_error = NULL, fetch_error_at = NULL,
                    fetch_since = CASE WHEN fetched_commit IS NULL OR fetch_error IS NOT NULL THEN now() ELSE fetch_since END
                WHERE name = $1
                """, [.text(unit), .text(commit)])
        case .failed(let message):
            try transaction.query(
                """
                UPDATE charter.unit SET fetch_error = $2, fetch_error_at = now(),
                    fetch_since = CASE WHEN fetch_error IS NULL THEN now() ELSE fetch_since END
                WHERE name = $1
                """,
                [.text(unit), .text(message)])
        }
    }

    /// Records why a mirror that is too large is kept, or that nothing is to be said of it. Writes nothing when it says so already.
    package static func recordMirror(_ transaction: Transaction, unit: String, kept reason: String?) throws(DatabaseError) {
        try transaction.query(
            "UPDATE charter.unit SET mirror_kept = $2 WHERE name = $1 AND mirror_kept IS DISTINCT FROM $2",
            [.text(unit), reason.map(SQLValue.text) ?? .null])
    }

    /// Records a commit without mistakes, which supersedes a rejected one, and the digest of the state that it asks for.
    package static func recordValidation(
        _ transaction: Transaction, unit: String, commit: String, asking state: UnitStatus.AskedState? = nil
    ) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.unit SET validated_at = CASE WHEN validated_commit = $2 THEN validated_at ELSE now() END, validated_commit = $2,
                validated_digest = $3, validated_beside = $4
            WHERE name = $1
            """,
            [.text(unit), .text(commit), state.map { .text($0.digest) } ?? .null, state.map { .integer($0.beside) } ?? .null])
        try clearRejection(transaction, unit: unit)
    }

    /// Records why a commit is not applied; `diagnostics` is a JSON array. Writes nothing when it says so already.
    package static func recordRejection(
        _ transaction: Transaction, unit: String, commit: String, diagnostics: String
    ) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.unit SET rejected_commit = $2, rejected_at = now(), rejected_diagnostics = $3
            WHERE name = $1 AND (rejected_commit, rejected_diagnostics::text) IS DISTINCT FROM ($2, $3::json::text)
            """, [.text(unit), .text(commit), .text(diagnostics)])
    }

    package static func clearRejection(_ transaction: Transaction, unit: String) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.unit SET rejected_commit = NULL, rejected_at = NULL, rejected_diagnostics = NULL
            WHERE name = $1 AND rejected_commit IS NOT NULL
            """, [.text(unit)])
    }

    /// Every unit, in the order of names.
    package static func status(_ transaction: Transaction) throws(DatabaseError) -> [UnitStatus] {
        let rows = try transaction.query(
            """
            SELECT name, repository, folder, fetched_commit, \(SQLInstant.milliseconds("fetched_at")),
                fetch_error, \(SQLInstant.milliseconds("fetch_error_at")),
                validated_commit, \(SQLInstant.milliseconds("validated_at")),
                rejected_commit, \(SQLInstant.milliseconds("rejected_at")), rejected_diagnostics,
                (SELECT max(r.id) FROM charter.revision r WHERE r.unit = u.name),
                \(SQLInstant.milliseconds("created_at")), \(SQLInstant.milliseconds("fetch_since")), mirror_kept,
                validated_digest, validated_beside
            FROM charter.unit u ORDER BY name
            """)
        var statuses: [UnitStatus] = []
        for row in rows { statuses.append(try UnitStatus(row)) }
        return statuses
    }
}

extension UnitStatus {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            name: try row.text(0), repository: try row.text(1), folder: try row.text(2), createdAt: try row.instant(13),
            fetched: Self.mark(row, 3),
            fetchError: row.textOrNil(5).flatMap { message in
                row.instantOrNil(6).map { FetchFailure(message: message, at: $0) }
            },
            mirrorKept: row.textOrNil(15), fetchSince: row.instantOrNil(14), validated: Self.mark(row, 7),
            asked: row.textOrNil(16).flatMap { digest in
                row.integerOrNil(17).map { AskedState(digest: digest, beside: $0) }
            },
            rejected: Self.mark(row, 9).map {
                Rejection(commit: $0.commit, at: $0.at, diagnostics: row.textOrNil(11) ?? "[]")
            },
            applied: row.integerOrNil(12))
    }

    /// A commit and the time in the column after it.
    private static func mark(_ row: Row, _ column: Int) -> CommitMark? {
        guard let commit = row.textOrNil(column), let at = row.instantOrNil(column + 1) else { return nil }
        return CommitMark(commit: commit, at: at)
    }
}
