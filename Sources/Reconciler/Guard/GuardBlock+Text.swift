package import Spec

extension GuardBlock: CustomStringConvertible {
    /// One sentence with its figures, without its full stop.
    package var description: String {
        switch self {
        case .emptyRead(let population):
            "the commit has no YAML files while \(population) resources are applied; nothing is deleted on such a read"
        case .massDeletion(let deleted, let population, let limit, _):
            "would delete \(deleted) of \(population) resources" + limit.text(of: deleted, population)
                + "; if that is meant, charter apply --allow-mass-delete"
        case .lastAdmin(let org, let left, let min, let leaving):
            "organization \(org) would have \(Self.admins(left, min)) left (until now: \((left + leaving).sorted().joined(separator: ", "))); "
                + "give another member the role admin first"
        case .rewritten(let from, let to, let movement):
            "\(from.prefix(10)) is applied, and the branch, now at \(to.prefix(10)), \(movement); "
                + "if that is meant, charter apply --allow-rewrite, and `history: any` in charter.yaml for always"
        case .removedMembers(let org, let removed, let population, let shareMax):
            "would remove \(removed) of the \(population) members of \(org), \(Share.text(removed, of: population)) (limit \(Share.text(shareMax)))"
        case .protected(let changes): Self.protectedText(changes)
        case .keysInUse(let uses, let within): Self.usedText(uses, "key", within)
        case .modelsInUse(let uses, let within): Self.usedText(uses, "model", within)
        case .budgetsBelowSpent(let cuts):
            Self.counted(cuts.count, "budget") + " would be below what is spent already: "
                + Self.listed(cuts.map { "\($0.budget) at \($0.hard), of which \($0.spent) is spent" })
        case .firstManagement(let keys, let strangers):
            "the database holds \(Self.counted(keys.count + strangers.count, "resource")) that no commit put there and that this plan would "
                + "replace or delete: " + Self.listed(keys.map { "\($0)" } + strangers)
        case .proposal(let changes, _):
            "charter.yaml says sync: proposals, so \(Self.counted(changes, "change")) \(changes == 1 ? "waits" : "wait") for an approval"
        case .manual(let changes):
            "charter.yaml says sync: manual, so \(Self.counted(changes, "change")) \(changes == 1 ? "waits" : "wait") for charter apply"
        case .pruneConfirm(let keys):
            "charter.yaml lets nothing of the kind be deleted without an approval, and \(Self.counted(keys.count, "resource")) would be deleted: "
                + Self.listed(keys.map { "\($0)" })
        case .rolledBack(let rollback): rollback.sentence
        }
    }

    private static func admins(_ left: [String], _ min: Int) -> String {
        left.isEmpty
            ? "no admin" : "\(counted(left.count, "admin")), fewer than the \(min) that charter.yaml asks for,"
    }

    private static func protectedText(_ changes: [ProtectedChange]) -> String {
        counted(changes.count, "protected resource") + " would be touched: "
            + listed(
                changes.map { change in
                    "\(change.resource) \(change.act.rawValue)" + (change.rule.map { " (protected at \($0))" } ?? "")
                })
    }

    private static func usedText(_ uses: [RecentUse], _ noun: String, _ within: Duration) -> String {
        "would delete \(counted(uses.count, noun)) used within the last \(within.text): "
            + listed(
                uses.map { use in
                    "\(use.name) (\(counted(Int(use.requests), "request")), the last in the hour of \(use.last.iso8601))"
                })
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private static func listed(_ items: [String]) -> String {
        let more = items.count - namedMax
        return items.prefix(namedMax).joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
    }

    /// How many are called by their names in a sentence.
    private static let namedMax = 10
}

extension GuardBlock.DeletionLimit {
    fileprivate func text(of deleted: Int, _ population: Int) -> String {
        let share = Share.text(deleted, of: population)
        return switch self {
        case .everything: ", which is all of them"
        case .share(let max): ", \(share) (limit \(Share.text(max)))"
        case .count(let max): ", \(share) (limit \(max))"
        }
    }
}

/// Parts of a whole, as text.
enum Share {
    /// In hundredths of a percent.
    static func text(_ hundredths: Int) -> String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole) %" }
        let digits = rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)"
        return "\(whole).\(digits) %"
    }

    static func text(_ part: Int, of whole: Int) -> String { text(whole == 0 ? 0 : part * GuardThresholds.whole / whole) }
}

extension GuardBlock {
    package var json: JSONTree {
        .object([
            ("code", .string(code)), ("message", .string(description)), ("flag", .optional(remedyFlag)),
            ("approvable", .bool(isApprovable)),
        ])
    }
}
