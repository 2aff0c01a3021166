internal import Spec
package import Store

/// `charter audit export`: every act, the oldest first, for a program, a spreadsheet or an archive.
package struct AuditExport: Sendable {
    package enum Format: String, Sendable {
        /// One JSON object a line.
        case jsonl
        /// RFC 4180 with a line of names.
        case csv
    }

    private let tenancy: Tenancy
    private let format: Format

    package init(_ tenancy: Tenancy, _ format: Format) { (self.tenancy, self.format) = (tenancy, format) }

    /// Hands out lines, some thousand at a time and without the last line's end, until `take` answers false.
    ///
    /// A page is a transaction: rows never change, so the pages are one picture, which ends at the last act when it is reached.
    package func run(_ connection: Connection, _ take: (String) -> Bool) throws {
        if format == .csv, !take(Self.columns.joined(separator: ",")) { return }
        var last: Int64 = 0
        while true {
            let acts = try connection.transaction { try Audit.page($0, tenancy, after: last, limit: Self.pageMax) }
            guard let end = acts.last else { return }
            guard take(acts.map(line).joined(separator: "\n")) else { return }
            last = end.sequence
        }
    }

    private func line(_ act: AuditRecord) -> String {
        switch format {
        case .jsonl: act.json.text
        case .csv:
            [
                String(act.sequence), SQLInstant.text(act.at), act.org, act.actor, act.action, act.subject, act.detail, act.previous, act.hash,
            ].map(UsageLine.quoted).joined(separator: ",")
        }
    }

    private static let columns = ["sequence", "at", "org", "actor", "action", "subject", "detail", "previous", "hash"]
    /// Some megabytes at the most.
    private static let pageMax = 2_000
}
