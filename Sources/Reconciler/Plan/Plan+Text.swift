internal import Spec

extension Plan {
    /// The plan as people read it: drift first, then each change with its place, commit and author, then the tally.
    package var text: String { text(blocks: []) }

    /// With what the guard has against it.
    package func text(blocks: [GuardBlock]) -> String {
        var lines = [heading] + notes.map { "Note: \($0)." }
        if !symbols.isEmpty { lines.append("Symbols: " + symbols.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "  ")) }
        lines += verification?.planLines ?? []
        lines += Drift.lines(of: drift, since: base)
        if !changes.isEmpty {
            lines += ["", "Changes:"]
            for change in changes { lines += change.lines }
        }
        if !retained.isEmpty {
            lines += ["", "Kept although no file declares them (charter.yaml says so by prune or pruneFor):"]
            lines += retained.map { "    \($0)" }
        }
        lines += ["", closing]
        lines += blocks.map { "Blocked [\($0.code)]: \($0)." }
        if let command = approvalCommand(for: blocks) { lines.append("To let it pass: \(command)") }
        return lines.joined(separator: "\n")
    }

    private var heading: String {
        "Plan for unit \(unit): \(whence) → \(tip.title)"
    }

    /// What was applied last, in a few words.
    var whence: String {
        base.map { "\($0.commit.prefix(10)) (revision \($0.revision))" } ?? "nothing applied yet"
    }

    /// What a reader must know to read the rest rightly, without full stops.
    var notes: [String] {
        var notes: [String] = []
        if let base, let movement, movement != .forward {
            notes.append("\(base.commit.prefix(10)) is applied, and the branch, now at \(tip.id.short), \(movement)")
        }
        if !isDriftKnown { notes.append("planned from an export; what hands changed in the database is not known") }
        if !unasked.isEmpty {
            notes.append(
                "without a database nobody asked whether it is held back by "
                    + unasked.map { "\($0.rawValue) (\($0.title))" }.joined(separator: ", "))
        }
        return notes + remarks
    }

    /// Only those that this plan uses, in the order of their meaning.
    private var symbols: [ChangeSymbol] {
        let used = Set(changes.flatMap { [$0.symbol] + $0.fields.map(\.symbol) } + (drift.isEmpty ? [] : [.amiss]))
        return ChangeSymbol.allCases.filter(used.contains)
    }

    /// The last line: what it comes to.
    var closing: String {
        if isEmpty { return "Nothing to change: the database is as \(tip.shortTitle) declares." }
        return "Plan: \(tally)."
    }
}

extension Tally: CustomStringConvertible {
    package var description: String {
        "\(created) to create, \(updated) to update, \(renamed) to rename, \(deleted) to delete, \(drifted) drifted"
    }
}

extension Drift {
    /// The section of a plan or of a drift report; empty when there is none.
    package static func lines(of drift: [Drift], since base: Plan.AppliedCommit?) -> [String] {
        guard !drift.isEmpty else { return [] }
        let since = base.map { " since \($0.commit.prefix(10)) (revision \($0.revision)) was applied" } ?? ""
        let count = drift.count == 1 ? "1 resource was" : "\(drift.count) resources were"
        return ["", "Drift: \(count) changed in the database, not by a commit,\(since):"] + drift.flatMap(\.lines)
    }

    /// The resource, and each of its fields below it.
    package var lines: [String] {
        let at = place.map { "    \($0.description.printable)" } ?? ""
        switch finding {
        case .missing: return ["  ! \(resource.printable)  the row is gone\(at)"]
        case .unexpected: return ["  ! \(resource.printable)  no commit declares this row (uid \(uid.printable))"]
        case .changed(let fields), .record(_, let fields): return ["  ! \(resource.printable)"] + fields.map { "      \($0.line)" }
        }
    }
}

extension FieldDrift {
    var line: String {
        let at = place.map { "    \($0.description.printable)" } ?? ""
        return "\(path)  wanted \(ValueText.shown(wanted)), found \(ValueText.shown(found))\(at)"
    }
}
