package import Spec
package import Store

/// What the database holds against what was applied; needs no repository.
package struct DriftReport: Sendable {
    package var base: Plan.AppliedCommit?
    package var drift: [Drift]
    /// Number of resources as applied.
    package var population: Int
    /// The rules of the repository in force; nil when none were declared, or rows of several units were compared.
    package var rules: Repository?
    /// The rows as applied and as found.
    var state = AppliedState()
    /// What all rows add up to; nil where that was not asked, or rows of an unknown kind have a part in it.
    package var rows: RowsDigest?
    /// Of what was compared beside the rows; nil where nothing is applied.
    var history: ChecksumWindow?

    /// Of one unit, or of all; `addingUp` computes the digest of all rows as well.
    package static func read(_ connection: Connection, unit: String? = nil, addingUp: Bool = false) throws -> DriftReport {
        try connection.transaction(.repeatableRead) { transaction in
            var applied = try AppliedState(rowsOf: transaction)
            let rows = addingUp ? try RowsDigest(applied, transaction) : nil
            if let unit { try applied.limit(to: unit, transaction) }
            var drift = applied.drift()
            if !drift.isEmpty {
                applied.provenance = try ProvenanceTable.at(
                    transaction, revision: applied.revision?.id ?? 0, uids: drift.map(\.uid))
                drift = applied.drift()
            }
            var report = DriftReport(
                base: applied.base, drift: drift, population: applied.applied.count,
                rules: unit == nil ? nil : try applied.policy?.rules, state: applied, rows: rows)
            try report.compareRecords(transaction, unit: unit)
            return report
        }
    }
}
