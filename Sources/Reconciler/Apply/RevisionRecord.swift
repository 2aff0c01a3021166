internal import Spec
internal import Store

/// What the audit keeps of a revision; it is appended in the transaction that makes the revision, so there is one for each.
struct RevisionRecord {
    private let revision: Revision
    private let facts: [(String, JSONTree)]

    /// Of a commit that is applied, or of a rollback.
    init(_ revision: Revision, _ plan: Plan, _ judgement: PlanJudgement, more: [(String, JSONTree)] = []) {
        self.revision = revision
        facts = more + [
            ("tally", plan.tally.json), ("kinds", Self.counts(plan.changes.map(\.key.kind.rawValue))),
            ("approvals", .array(judgement.approvers.map(JSONTree.string))),
        ]
    }

    /// Of rows that are put right; `kinds` has the kind of each.
    init(_ revision: Revision, correcting drift: [Drift], kinds: [String]) {
        self.revision = revision
        facts = [
            ("count", .int(Int64(kinds.count))), ("kinds", Self.counts(kinds)),
            ("resources", .array(drift.prefix(Self.namesMax).map { .string($0.resource) })),
        ]
    }

    func append(_ transaction: Transaction, actor: String) throws {
        let head: [(String, JSONTree)] = [
            ("revision", .int(revision.id)), ("commit", .string(revision.commit)), ("author", .string(revision.author)),
            ("state_digest", .string(revision.stateDigest)),
        ]
        try Audit.append(
            transaction, .platform, actor: actor, action: revision.act.auditAction, subject: revision.unit,
            detail: JSONTree.object(head + facts).text)
    }

    /// Of more, the number alone is kept: a row of the audit is never removed.
    private static let namesMax = 20

    private static func counts(_ kinds: [String]) -> JSONTree {
        let counts = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
        return .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .int(Int64($0.value))) })
    }
}

extension RevisionAct {
    fileprivate var auditAction: String {
        switch self {
        case .apply: "revision.applied"
        case .correct: "revision.corrected"
        case .rollback: "revision.rolled_back"
        }
    }
}
