internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// What the guard has against a plan once all words for it are heard; a value.
struct PlanJudgement {
    /// What still stands against it.
    private(set) var open: [GuardBlock] = []
    /// What would stand against it, had nobody let it pass.
    private(set) var passed: [Passed] = []
    private(set) var remarks: [String] = []

    struct Passed: Hashable {
        var block: GuardBlock
        var by: [String]
        /// Whether whoever ran the command answers for it.
        var isByOperator: Bool
    }

    /// Asks the database for what the rules want to know, and for the approvals of this plan.
    init(
        _ planGuard: PlanGuard, _ difference: StateDifference, desired: DesiredState, operator name: String,
        in repository: GitRepository?, _ signatures: SignatureMemory, _ transaction: Transaction
    ) throws {
        ProgressBoard.begin(.judging)
        let (plan, applied) = (difference.plan, difference.applied)
        let sides = StateSides(plan: plan, desired: desired, applied: applied)
        let policy = try applied.policyInForce(over: desired).rules
        let evidence = try GuardEvidence(sides, GuardThresholds(policy.guards), transaction, now: transaction.clock())
        // Rows that stay as hands left them are neither replaced nor deleted.
        var judged = applied
        _ = judged.leave(difference.left)
        let blocks = try planGuard.judge(plan, desired: desired, applied: judged, evidence: evidence)
        if difference.restoration == nil, let held = try RollbackHold.block(unit: plan.unit, desired, transaction) {
            open.append(held)
        }
        guard !blocks.isEmpty else { return }
        let judge = try Self.judge(sides, policy, repository, signatures, now: evidence.now, transaction)
        let isAnswered = planGuard.approvedDigest.map { WaitingPlan.names($0, plan.digest.hex) } ?? false
        for block in blocks {
            if planGuard.isAllowed(block) || (isAnswered && block.isApprovable) {
                passed.append(Passed(block: block, by: [name], isByOperator: true))
            } else if let approvers = judge.approvers(of: block) {
                passed.append(Passed(block: block, by: approvers, isByOperator: false))
            } else {
                open.append(block)
            }
        }
        guard !open.isEmpty else { return }
        remarks = judge.remarks(on: open)
        if let digest = planGuard.approvedDigest, !isAnswered {
            remarks.append("--approve \(digest) does not name this plan, which is \(plan.digest.hex.prefix(WaitingPlan.digitsShown))")
        }
    }

    private static func judge(
        _ sides: StateSides, _ policy: Repository, _ repository: GitRepository?, _ signatures: SignatureMemory, now: Instant,
        _ transaction: Transaction
    ) throws -> ApprovalJudge {
        let plan = sides.plan
        let rights = try ApproverBook(sides.ownBefore(RightsBook.kinds), beside: sides.applied.others, now: now)
        let base = sides.applied.revision?.vector[plan.unit].flatMap { ObjectID(hex: $0) }
        let trailers = try repository.map { repository in
            try CommitTrailers(
                plan, since: base, policy: sides.applied.policy?.rules, in: repository, signatures, now: now)
        }
        let rows = try Approvals.of(transaction, digest: plan.digest.hex)
        return ApprovalJudge(
            check: ApprovalCheck(
                policy.approvals ?? .standard, rights, authors: trailers?.authors ?? [], authorSigners: trailers?.authorSigners ?? []),
            words: rows.map { ApprovalWord($0, rights) } + (trailers?.words ?? []), scopes: Set(plan.changes.map { GuardScope($0.key.org) }))
    }
}

extension PlanJudgement {
    /// Whose words let something pass, apart from whoever ran the command.
    var approvers: [String] { Set(passed.filter { !$0.isByOperator }.flatMap(\.by)).sorted() }

    /// Keeps in the audit who let what pass; that a person applies by hand what waits for it is no act apart.
    func record(_ plan: Plan, actor: String, _ transaction: Transaction) throws {
        let worth = passed.filter { if case .manual = $0.block { false } else { true } }
        guard !worth.isEmpty else { return }
        let detail = JSONTree.object([
            ("unit", .string(plan.unit)), ("commit", .string(plan.tip.id.hex)),
            (
                "blocks",
                .array(
                    worth.map { passed in
                        .object([
                            ("code", .string(passed.block.code)), ("message", .string("\(passed.block)")),
                            ("by", .array(passed.by.map(JSONTree.string))), ("operator", .bool(passed.isByOperator)),
                        ])
                    })
            ),
        ])
        try Audit.append(
            transaction, .platform, actor: actor, action: "plan.passed", subject: plan.digest.hex, detail: detail.text)
    }
}
