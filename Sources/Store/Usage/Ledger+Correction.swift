package import Spec

/// What an attempt should have cost.
package struct CostCorrection: Sendable {
    /// The attempt, as the ledger has it.
    package var row: UsageRow
    package var cost: NanoUSD
    /// Of the prices that say so.
    package var priceVersion: String

    package init(row: UsageRow, cost: NanoUSD, priceVersion: String) {
        self.row = row
        self.cost = cost
        self.priceVersion = priceVersion
    }
}

extension Ledger {
    /// What each attempt costs by now: its row and all corrections of it. Attempts that retention has removed are left out.
    package static func costs(_ transaction: Transaction, of rows: [UsageRow]) throws(DatabaseError) -> [AttemptName: NanoUSD] {
        guard let first = rows.lazy.map(\.at).min(), let last = rows.lazy.map(\.at).max() else { return [:] }
        // The times spare the partitions of other months, the decisions the rows between.
        let found = try transaction.query(
            """
            SELECT decision, attempt, sum(cost)::bigint FROM charter.usage
            WHERE at >= $1 AND at <= $2 AND decision = ANY ($3) GROUP BY decision, attempt
            HAVING bool_or(\(UsageColumns.isAttempt))
            """, [.instant(first), .instant(last), .texts(Set(rows.map(\.decision)))])
        var costs: [AttemptName: NanoUSD] = [:]
        for row in found {
            costs[AttemptName(decision: try row.text(0), attempt: try row.integer(1))] = NanoUSD(try row.integer(2))
        }
        return costs
    }

    /// Books what lies between an attempt's cost by now and what it should be, as a row of its own at the attempt's time:
    /// cells, rollups and reports move with it, and what is there stays as it was. Where the two agree nothing is booked, so
    /// that corrections which are repeated after a crash change nothing. Nothing is booked for an attempt that is not there any
    /// more: its sums stand, and what they hold of it nobody can tell.
    ///
    /// Keeps every shipment, every other correction and the removal of rows out until the transaction ends. Needs isolation `readCommitted`.
    /// - Parameter detail: compact JSON that stands in each row.
    /// - Returns: what the attempts that are there cost before.
    package static func correct(
        _ transaction: Transaction, _ corrections: [CostCorrection], epoch: Int64, detail: String
    ) throws -> [AttemptName: NanoUSD] {
        try Cells.lockAlone(transaction)
        let costs = try costs(transaction, of: corrections.map(\.row))
        let rows = corrections.compactMap { correction in
            costs[AttemptName(correction.row)].flatMap { correction.booked(over: $0, detail: detail) }
        }
        try add(transaction, rows, epoch)
        return costs
    }
}

extension CostCorrection {
    /// Nil where there is nothing to correct.
    fileprivate func booked(over present: NanoUSD, detail: String) -> UsageRow? {
        guard cost != present else { return nil }
        return UsageRow(
            at: row.at, terms: row.terms.priced(by: priceVersion), decision: row.decision, attempt: row.attempt, status: row.status,
            tokens: 0, requests: 0, cost: NanoUSD(cost.rawValue - present.rawValue), estimated: row.estimated, flags: .repriced,
            latencyMs: 0, detail: detail)
    }
}

extension UsageTerms {
    /// The same under other prices.
    fileprivate func priced(by version: String) -> UsageTerms {
        UsageTerms(
            org: org, orgUID: orgUID, project: project, projectUID: projectUID, member: member, memberUID: memberUID, key: key,
            keyUID: keyUID, endpoint: endpoint, requestedModel: requestedModel, model: model, route: route, revision: revision,
            priceVersion: version, tags: tags)
    }
}
