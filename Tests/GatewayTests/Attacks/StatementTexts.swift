/// Texts that mean something to PostgreSQL where a program pastes them into a statement.
enum StatementTexts {
    private static let breaks = ["'", "\"", "')", "';", "'))", "$$", "\\'", "%27", "*/", ""]
    private static let clauses = [
        "OR '1'='1", "OR 1=1", "OR TRUE", "UNION SELECT sha256 FROM charter.resource", "UNION ALL SELECT NULL,NULL,NULL", "AND pg_sleep(20) IS NULL",
        "; CREATE TABLE charter.owned()", "; DROP TABLE charter.usage CASCADE", "; UPDATE charter.resource SET canonical='{}'",
        "; SET ROLE postgres", "; COPY charter.usage TO PROGRAM 'true'", "; DELETE FROM charter.revision", "|| (SELECT current_user)",
    ]
    private static let ends = ["", "--", "/*", ";"]

    /// Five hundred and more of them, each of which may stand in a header line.
    static let all = breaks.flatMap { start in clauses.flatMap { clause in ends.map { "\(start) \(clause) \($0)".trimmed } } }
}

extension String {
    /// A header's value has no space at its ends.
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
