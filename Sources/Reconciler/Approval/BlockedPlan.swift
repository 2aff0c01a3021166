internal import Crypto
package import Spec
internal import Store

/// A plan that is held back: the reasons, and what to say to let it pass. A value.
package struct BlockedPlan: Hashable, Sendable {
    package var unit: String
    package var commit: String
    package var author: String
    /// Of the plan; what an approval is bound to.
    package var digest: String
    package var blocks: [GuardBlock]
    /// Sentences on approvals that do not count.
    package var remarks: [String]
    /// Who answers for the commit; nil where nobody was asked.
    var verification: UnitVerification?
    let asked: UnitStatus.AskedState
    /// What it would change.
    let subjects: EventSubjects
    /// Whose affair all that is.
    private let scopes: Set<GuardScope>

    init(_ difference: StateDifference, blocks: [GuardBlock], remarks: [String]) {
        let plan = difference.plan
        subjects = EventSubjects(difference)
        unit = plan.unit
        commit = plan.tip.id.hex
        author = plan.tip.author
        digest = plan.digest.hex
        asked = plan.askedState
        scopes = Set(plan.changes.map { GuardScope($0.key.org) })
        self.blocks = blocks
        self.remarks = remarks
    }

    /// What a member with the right to approve runs; nil where no approval helps.
    package var command: String? { ApprovalCommand.text(digest: digest, blocks: blocks) }

    package var text: String {
        let reasons = blocks.map { "blocked [\($0.code)]: \($0)" }
        return (reasons + remarks.map { "note: \($0)" } + (command.map { ["to let it pass: \($0)"] } ?? []))
            .joined(separator: "\n")
    }

    /// What `apply` prints for machines in place of an outcome.
    package var json: JSONTree {
        .object([
            ("outcome", .string("blocked")), ("unit", .string(unit)), ("commit", .string(commit)),
            ("digest", .string(digest)), ("blocks", .array(blocks.map(\.json))),
            ("remarks", .array(remarks.map(JSONTree.string))), ("command", .optional(command)),
        ])
    }
}

extension BlockedPlan {
    var row: WaitingPlan {
        WaitingPlan(
            unit: unit, digest: digest, commit: commit, author: author, blocks: JSONTree.array(blocks.map(kept)).text,
            remarks: JSONTree.array(remarks.map(JSONTree.string)).text)
    }

    /// With whose affair it is, by which the people of an organization are shown what is theirs.
    private func kept(_ block: GuardBlock) -> JSONTree {
        guard case .object(let members) = block.json else { return block.json }
        let orgs = Set((block.scopes ?? scopes).map { $0.org ?? "-" }).sorted()
        return .object(members + [("orgs", .array(orgs.map(JSONTree.string)))])
    }
}

/// The words by which a plan is let pass.
enum ApprovalCommand {
    static func text(digest: String, blocks: [GuardBlock]) -> String? {
        text(digest: digest, blocks: blocks.map { RecordedBlock(code: $0.code, message: "", approvable: $0.isApprovable) })
    }

    /// Nil where nothing helps.
    static func text(digest: String, blocks: [RecordedBlock]) -> String? {
        let open = blocks.filter { !$0.isManual }
        guard !open.isEmpty else { return blocks.isEmpty ? nil : "charter apply" }
        guard open.allSatisfy(\.approvable) else { return nil }
        return "charter approve \(digest.prefix(WaitingPlan.digitsShown)) --as ORGANIZATION/MEMBER --reason WHY"
    }
}
