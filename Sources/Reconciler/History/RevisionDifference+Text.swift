package import Spec
package import Store

extension RevisionDifference {
    /// As `charter show` prints it: the revision first.
    package var textOfOne: String {
        var lines = to.lines
        if changes.isEmpty {
            lines += ["", to.act == .correct ? "No field changed: rows that hands had changed were put right." : "No resource changed."]
        } else {
            lines += changeLines + ["", "Changes: \(tally.words)."]
        }
        return lines.joined(separator: "\n")
    }

    private var changeLines: [String] {
        let used = Set(changes.flatMap { [$0.symbol] + $0.fields.map(\.symbol) })
        let symbols = ChangeSymbol.allCases.filter(used.contains)
        return ["Symbols: " + symbols.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "  "), ""]
            + changes.flatMap(\.lines)
    }

    package var jsonOfOne: JSONTree {
        .object([
            ("format", .int(1)), ("revision", to.json), ("changes", .array(changes.map(\.json))), ("tally", tally.json),
        ])
    }
}

extension Tally {
    /// What happened, without what drifted.
    var words: String { "\(created) created, \(updated) updated, \(renamed) renamed, \(deleted) deleted" }
}

extension Revision {
    /// `revision 7 (0f1d7c1abc, 2026-11-21T09:00:00Z)`
    var title: String { "revision \(id) (\(commit.prefix(10)), \(appliedAt.iso8601))" }

    /// What it is and where it comes from.
    var lines: [String] {
        var lines = [
            "Revision \(id) of unit \(unit.printable): \(commit.prefix(10)) \"\(message.printable)\" by \(author.printable)",
            "  applied \(appliedAt.iso8601), committed \(committedAt.iso8601), "
                + (parent.map { "after revision \($0)" } ?? "the first"),
        ]
        if let restored { lines.append("  brought back the state of revision \(restored)") }
        if vector.count > 1 {
            let units = vector.sorted { $0.key < $1.key }.map { "\($0.key.printable) \($0.value.prefix(10))" }
            lines.append("  units: \(units.joined(separator: ", "))")
        }
        return lines + ["  state \(stateDigest.prefix(16))"]
    }

    package var json: JSONTree {
        .object([
            ("revision", .int(id)), ("unit", .string(unit)), ("commit", .string(commit)), ("act", .string(act.rawValue)),
            ("restored", restored.map { .int($0) } ?? .null), ("parent", parent.map { .int($0) } ?? .null),
            ("author", .string(author)), ("summary", .string(message)), ("committed_at", .string(committedAt.iso8601)),
            ("applied_at", .string(appliedAt.iso8601)),
            ("commits", .object(vector.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("state_digest", .string(stateDigest)),
            (
                "tally",
                .object([
                    ("created", .int(Int64(counts.created))), ("updated", .int(Int64(counts.updated))),
                    ("renamed", .int(Int64(counts.renamed))), ("deleted", .int(Int64(counts.deleted))),
                ])
            ),
        ])
    }
}
