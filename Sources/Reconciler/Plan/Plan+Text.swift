internal import Spec

extension Plan {
    /// The plan as people read it: drift first, then each change with its place, commit and author, then the tally.
    package var text: String { text(blocks: []) }

    /// With what the guard has against it.
    package func text(blocks: [GuardBlock]) -> String {
        var lines: [String] = [heading]
        if let movement, movement != .forward {
            lines.append("Note: \(base?.commit.prefix(10) ?? "") is applied, and the branch, now at \(tip.id.short), \(movement).")
        }
        lines += verification?.planLines ?? []
        lines += Drift.lines(of: drift, since: base)
        if !changes.isEmpty {
            lines += ["", "Changes  (\(legend)):"]
            for change in changes { lines += change.lines }
        }
        if !retained.isEmpty {
            lines += ["", "Kept although no file declares them (charter.yaml says prune: false):"]
            lines += retained.map { "    \($0)" }
        }
        lines += ["", closing]
        lines += blocks.map { "Blocked [\($0.code)]: \($0)." }
        return lines.joined(separator: "\n")
    }

    private var heading: String {
        let from = base.map { "\($0.commit.prefix(10)) (revision \($0.revision))" } ?? "nothing applied yet"
        return
            "Plan for unit \(unit): \(from) → \(tip.id.short) \"\(tip.summary.printable)\" by \(tip.author.printable)"
    }

    /// Only the symbols that this plan uses.
    private var legend: String {
        let tally = tally
        let parts = [
            ("+ create", tally.created), ("~ update", tally.updated), ("→ rename", tally.renamed),
            ("- delete", tally.deleted),
        ]
        return parts.filter { $0.1 > 0 }.map(\.0).joined(separator: "  ")
    }

    private var closing: String {
        if isEmpty { return "Nothing to change: the database is as \(tip.id.short) declares." }
        return "Plan: \(tally)."
    }
}

extension Tally: CustomStringConvertible {
    package var description: String {
        "\(created) to create, \(updated) to update, \(renamed) to rename, \(deleted) to delete, \(drifted) drifted"
    }
}

extension Change {
    fileprivate var lines: [String] {
        let whence = "\(origin.id.short) \(origin.author.printable)"
        let at = place.map { "\($0.printable)  " } ?? ""
        switch action {
        case .create: return ["  + \(key)    \(at)\(whence)"]
        case .delete: return ["  - \(key)    was \(at)\(whence)"]
        case .update(let fields): return ["  ~ \(key)    \(at)\(whence)"] + fields.flatMap(\.lines)
        case .rename(let from, let fields): return ["  → \(from) → \(key)    \(at)\(whence)"] + fields.flatMap(\.lines)
        }
    }
}

extension FieldChange {
    fileprivate var lines: [String] {
        let at = place.map { "    \($0.printable)" } ?? ""
        let conflict = isConflict ? "    conflict: also changed in the database, see the drift above" : ""
        return ["      \(FieldPointer.readable(pointer))  \(Self.shown(old)) → \(Self.shown(new))\(at)\(conflict)"]
    }

    /// Characters of a value; a hand may have written a whole book into a row.
    private static let valueCharactersMax = 400

    fileprivate static func shown(_ value: String?) -> String {
        value?.printable.shortened(to: valueCharactersMax) ?? "(absent)"
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

    private var lines: [String] {
        let at = place.map { "    \($0.printable)" } ?? ""
        switch finding {
        case .missing: return ["  ! \(resource.printable)  the row is gone\(at)"]
        case .unexpected: return ["  ! \(resource.printable)  no commit declares this row (uid \(uid.printable))"]
        case .changed(let fields):
            return ["  ! \(resource.printable)"]
                + fields.map { field in
                    let fieldPlace = field.place.map { "    \($0.printable)" } ?? ""
                    return
                        "      \(FieldPointer.readable(field.pointer))  wanted \(FieldChange.shown(field.wanted)), found \(FieldChange.shown(field.found))\(fieldPlace)"
                }
        }
    }
}

extension Place {
    fileprivate var printable: String { description.printable }
}
