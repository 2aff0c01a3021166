package import Spec
package import Store

/// `charter audit list`: the acts of an organization, or of all and the platform, the newest first.
package struct AuditQuestion: Sendable {
    package var tenancy: Tenancy
    package var limit: Int
    /// Only acts before this one: where the page before ended.
    package var before: Int64?

    package init(_ tenancy: Tenancy, limit: Int, before: Int64? = nil) {
        (self.tenancy, self.limit, self.before) = (tenancy, limit, before)
    }

    package func run(_ connection: Connection) throws -> AuditList {
        // One more tells whether there are others.
        let found = try connection.transaction { try Audit.list($0, tenancy, before: before, limit: limit + 1) }
        let page = Array(found.prefix(limit))
        return AuditList(records: page, next: found.count > limit ? page.last?.sequence : nil)
    }
}

/// A page of acts.
package struct AuditList: Sendable {
    package let records: [AuditRecord]
    /// What the next page is before; nil at the end.
    package let next: Int64?

    package var text: String {
        if records.isEmpty { return "No acts." }
        let head = ["ACT", "TIME", "ORG", "WHO", "WHAT", "OF"]
        let rows = records.map { act in
            [
                String(act.sequence), act.at.iso8601, act.org.isEmpty ? "-" : act.org.printable, act.actor.printable, act.action.printable,
                act.subject.printable,
            ]
        }
        let lines = FigureTable([head] + rows, labels: head.count).text.split(separator: "\n", omittingEmptySubsequences: false)
        let details = ["DETAIL"] + records.map(\.detail.printable)
        let table = zip(lines, details).map { "\($0)  \($1)" }.joined(separator: "\n")
        return next.map { "\(table)\n\nOlder ones: --before \($0)" } ?? table
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("acts", .array(records.map(\.json))), ("next", next.map { .int($0) } ?? .null),
        ])
    }
}

extension AuditRecord {
    /// Whole, so that who has it can compute its hash; `detail` is JSON in a string, since every byte of it counts.
    package var json: JSONTree {
        .object([
            ("sequence", .int(sequence)), ("at", .string(SQLInstant.text(at))), ("org", .string(org)), ("actor", .string(actor)),
            ("action", .string(action)), ("subject", .string(subject)), ("detail", .string(detail)), ("previous", .string(previous)),
            ("hash", .string(hash)),
        ])
    }
}
