package import Spec
package import Store

/// Revisions, the newest first.
package struct RevisionList: Sendable {
    package var revisions: [Revision]
    /// Whether older ones were left out.
    package var hasMore: Bool

    /// From `through` down, so many at most.
    package init(_ transaction: Transaction, through: Revision, unit: String?, limit: Int) throws {
        let found = try Revisions.list(transaction, through: through.id, unit: unit, limit: limit + 1)
        revisions = Array(found.prefix(limit))
        hasMore = found.count > limit
    }

    package var text: String {
        let rows = [["REV", "APPLIED", "COMMIT", "CHANGES", "AUTHOR", "SUMMARY"]] + revisions.map(\.columns)
        let more = hasMore ? "\n(older ones: charter history --from \((revisions.last?.id ?? 1) - 1), or --limit)" : ""
        return TextTable(rows).text + more
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("revisions", .array(revisions.map(\.json))), ("more", .bool(hasMore)),
        ])
    }
}

extension Revision {
    fileprivate var columns: [String] {
        [
            String(id), appliedAt.iso8601, String(commit.prefix(10)), changes, author.printable,
            (act == .correct ? "(put right) " : "") + message.printable,
        ]
    }

    /// The tally by the alphabet of plans.
    private var changes: String {
        let counted = [
            (ChangeSymbol.added, counts.created), (.changed, counts.updated), (.renamed, counts.renamed),
            (.removed, counts.deleted),
        ].filter { $0.1 > 0 }
        return counted.isEmpty ? "none" : counted.map { "\($0.0.rawValue)\($0.1)" }.joined(separator: " ")
    }
}

/// Columns of text, each as wide as its widest cell but the last.
struct TextTable {
    let text: String

    init(_ rows: [[String]]) {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            column == count - 1 ? 0 : rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        text = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
