internal import Spec
internal import Store

extension ReconcileSession {
    /// Writes the judgement into the unit's row; answers why the commit is not applied, nil when it may be.
    func record(
        _ verification: Verification, of commit: Commit, _ planGuard: PlanGuard, _ transaction: Transaction
    ) throws -> Rejection? {
        let refusal = verification.refusal(of: commit)
        let isAccepted = refusal != nil && planGuard.acceptedUnverified == commit.id.hex
        try Verifications.record(transaction, verification.row(unit: unit, isAccepted: isAccepted))
        guard let refusal else { return nil }
        guard isAccepted else {
            try record(refusal, transaction)
            return refusal
        }
        try Audit.append(
            transaction, .platform, actor: holder, action: "verification.accepted", subject: commit.id.hex,
            detail: JSONValue.object([("unit", .string(unit)), ("findings", refusal.json)]).text)
        return nil
    }
}

extension Verification {
    /// Nil unless the policy refuses the commit.
    func refusal(of commit: Commit) -> Rejection? {
        outcome == .refused ? Rejection(commit: commit, diagnostics: diagnostics) : nil
    }

    func row(unit: String, isAccepted: Bool) -> UnitVerification {
        UnitVerification(
            unit: unit, commit: commit.hex, outcome: isAccepted ? "accepted" : outcome.rawValue, signature: tip.name,
            signers: tip.signers, fingerprint: tip.fingerprint,
            findings: JSONValue.array(diagnostics.map(\.json)).text)
    }
}

extension CommitJudge {
    /// Who answers for a commit, by the policy of the state applied last; before the first apply, by its own.
    init(unit: String, _ desired: DesiredState, after applied: AppliedState, in repository: GitRepository) {
        let base = applied.revision?.vector[unit].flatMap { ObjectID(hex: $0) }
        let known = base == nil ? nil : applied.policy
        let policy = base == nil ? desired.repository : known?.rules ?? .standard
        let files = Set(desired.blobs.keys).union(applied.provenance.values.map(\.path))
        self.init(
            policy: policy, verifier: CommitVerifier(signers: policy.signers), repository: repository,
            tip: desired.commit, base: base, rules: PathRules(policy, files: files.sorted()),
            places: known?.spans ?? Spans(path: SourceFile.rulesPath), files: files)
    }
}
