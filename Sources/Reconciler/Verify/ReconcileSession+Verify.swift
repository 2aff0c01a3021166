internal import Spec
internal import Store

extension ReconcileSession {
    /// Writes the judgement into the unit's row; answers why the commit is not applied, nil when it may be.
    func record(
        _ verification: Verification, of commit: Commit, _ planGuard: PlanGuard, _ transaction: Transaction
    ) throws -> Rejection? {
        let refusal = verification.refusal(of: commit)
        let isAccepted = planGuard.accepts(verification)
        try Verifications.record(transaction, verification.row(unit: unit, isAccepted: isAccepted))
        guard let refusal else { return nil }
        guard isAccepted else {
            try record(refusal, transaction)
            return refusal
        }
        try Audit.append(
            transaction, .platform, actor: Operator.name, action: "verification.accepted", subject: commit.id.hex,
            detail: JSONTree.object([("unit", .string(unit)), ("findings", refusal.json)]).text)
        return nil
    }
}

extension PlanGuard {
    /// Whether a person answers for a commit that is refused.
    func accepts(_ verification: Verification) -> Bool {
        verification.outcome == .refused && acceptedUnverified == verification.commit.hex
    }
}

extension Verification {
    /// Nil unless the policy refuses the commit.
    func refusal(of commit: Commit) -> Rejection? {
        guard outcome == .refused else { return nil }
        return Rejection(commit: commit, diagnostics: diagnostics, isUnchecked: isUnchecked)
    }

    /// Whether anything against the commit is only that a signature could not be checked.
    private var isUnchecked: Bool {
        findings.contains { if case .unchecked = $0.verdict { true } else { false } }
    }

    func row(unit: String, isAccepted: Bool) -> UnitVerification {
        UnitVerification(
            unit: unit, commit: commit.hex, outcome: isAccepted ? "accepted" : outcome.rawValue, signature: tip.name,
            signers: tip.signers, fingerprint: tip.fingerprint,
            findings: JSONTree.array(diagnostics.map(\.json)).text)
    }
}

extension CommitJudge {
    /// Who answers for a commit, by the policy of the state applied last; before the first apply, by its own.
    init(
        unit: String, _ desired: DesiredState, after applied: AppliedState, in repository: GitRepository,
        _ signatures: SignatureMemory
    ) throws {
        let base = applied.revision?.vector[unit].flatMap { ObjectID(hex: $0) }
        let known = base == nil ? nil : try applied.policy
        let policy = base == nil ? desired.repository : known?.rules ?? .standard
        let files = Set(desired.blobs.keys).union(applied.provenance.values.map(\.path))
        self.init(
            policy: policy, verifier: signatures.verifier(of: policy.signers), repository: repository,
            tip: desired.commit, base: base, rules: PathRules(policy, files: files.sorted()),
            places: known?.spans ?? Spans(path: SourceFile.rulesPath), files: files)
    }
}
