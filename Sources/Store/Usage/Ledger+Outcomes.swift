package import Spec

/// How requests ended.
package struct UsageOutcomes: Hashable, Sendable {
    package var requests: Int64
    /// Of them, those whose last attempt had a status of 400 and more.
    package var failed: Int64
    /// From admission to the end of the last attempt; nil where there was none.
    package var meanLatency: Duration?

    package init(requests: Int64, failed: Int64, meanLatency: Duration?) {
        (self.requests, self.failed, self.meanLatency) = (requests, failed, meanLatency)
    }
}

extension Ledger {
    /// What became of a subject's requests at or after `from` and before `to`, from the rows themselves.
    package static func outcomes(
        _ transaction: Transaction, _ subject: UsageSubject, from: Instant, to: Instant
    ) throws(DatabaseError) -> UsageOutcomes {
        let row = try transaction.query(
            """
            SELECT count(*), count(*) FILTER (WHERE status >= 400), round(avg(latency_ms))::bigint
            FROM charter.usage u
            WHERE org_uid = $1 AND ($2::uuid IS NULL OR project_uid = $2) AND ($3::uuid IS NULL OR member_uid = $3)
                AND ($4::uuid IS NULL OR key_uid = $4)
                AND ($5::text[] IS NULL OR \(UsageSubject.models("u", like: "$5::text[]")))
                AND at >= $6 AND at < $7 AND requests > 0 AND \(UsageColumns.isAttempt)
            """,
            [
                .text(subject.orgUID), .text(subject.projectUID), .text(subject.memberUID), .text(subject.keyUID),
                subject.likePatterns.map { .texts($0) } ?? .null, .instant(from), .instant(to),
            ])[0]
        return UsageOutcomes(
            requests: try row.integer(0), failed: try row.integer(1), meanLatency: row.integerOrNil(2).map { .milliseconds($0) })
    }
}
