internal import Spec
internal import Store

/// What became of the newest commit.
extension UnitConditions {
    /// The commit that was judged last: one that was refused is newer than the one found sound.
    private var newest: String? { unit.rejected?.commit ?? unit.validated?.commit }

    /// The refusal of the newest commit for want of a good signature.
    private var refusal: UnitVerification? {
        guard let rejected = unit.rejected, let verification = report.verifications[unit.name],
            verification.commit == rejected.commit, verification.outcome == "refused"
        else { return nil }
        return verification
    }

    var verified: Condition {
        guard let verification = report.verifications[unit.name], verification.commit == newest else {
            let what = newest.map { "\($0.prefix(10)) was not judged, since it is not valid" } ?? "no commit was judged yet"
            return condition(.verified, .unknown, .notJudged, what, since: unit.rejected?.at ?? unit.createdAt)
        }
        let sentence = "\(verification.commit.prefix(10)) is \(verification.sentence)"
        guard verification.outcome == "refused" else {
            return condition(.verified, .true, reason(ofAccepted: verification), sentence, since: verification.at)
        }
        let why = RecordedDiagnostic.list(verification.findings).first.map { ": \($0.text)" } ?? ""
        return condition(.verified, .false, reason(ofRefused: verification), sentence + why, since: verification.at)
    }

    private func reason(ofAccepted verification: UnitVerification) -> Condition.Reason {
        switch verification.outcome {
        case "accepted": .acceptedByHand
        case "warned": .warned
        default: verification.signature == "good" ? .signed : .notDemanded
        }
    }

    private func reason(ofRefused verification: UnitVerification) -> Condition.Reason {
        switch verification.signature {
        case "good": .wrongSigner
        case "unsigned": .unsigned
        case "untrusted": .untrusted
        case "bad": .badSignature
        default: .unchecked
        }
    }

    var valid: Condition {
        if let rejected = unit.rejected {
            guard refusal == nil else {
                return condition(.valid, .true, .valid, "\(rejected.commit.prefix(10)) has no mistakes", since: rejected.at)
            }
            return condition(.valid, .false, .invalid, sentence(of: rejected), since: rejected.at)
        }
        guard let validated = unit.validated else {
            return condition(.valid, .unknown, .notRead, "no commit was read yet", since: unit.createdAt)
        }
        return condition(.valid, .true, .valid, "\(validated.commit.prefix(10)) has no mistakes", since: validated.at)
    }

    /// `1a2b3c4d5e has 2 errors, the first at path:line:column: …`
    private func sentence(of rejected: UnitStatus.Rejection) -> String {
        let errors = RecordedDiagnostic.list(rejected.diagnostics)
        let count = "\(rejected.commit.prefix(10)) has \(errors.count) error\(errors.count == 1 ? "" : "s")"
        return errors.first.map { "\(count)\(errors.count == 1 ? "" : ", the first"): \($0.text)" } ?? count
    }

    var applied: Condition {
        if let hold = report.holds[unit.name] {
            return condition(
                .applied, .false, .held,
                "\(hold.actor) rolled back to revision \(hold.restored), until the branch reverts what was undone or charter resume "
                    + "\(unit.name): \(hold.reason)", since: hold.since)
        }
        if let rejected = unit.rejected {
            let what = refusal == nil ? "is not valid" : "is not signed as the rules ask"
            return condition(
                .applied, .false, refusal == nil ? .rejected : .notVerified,
                "\(rejected.commit.prefix(10)) \(what); \(inForce)", since: rejected.at)
        }
        if let plan = report.waiting[unit.name] { return condition(.applied, .false, .blocked, sentence(of: plan), since: plan.since) }
        return settled
    }

    /// The codes, and what lets it pass.
    private func sentence(of plan: WaitingPlan) -> String {
        let blocks = RecordedBlock.list(plan.blocks)
        let reasons = blocks.map { "[\($0.code)] \($0.message)" }.joined(separator: "; ")
        let command = RecordedBlock.command(for: blocks, digest: plan.digest).map { " (to let it pass: \($0))" } ?? ""
        return "\(plan.commit.prefix(10)) is held back: \(reasons)\(command)"
    }

    private var settled: Condition {
        guard let validated = unit.validated, let id = unit.applied else {
            let status: Condition.Status = unit.validated == nil && unit.fetched == nil ? .unknown : .false
            return condition(.applied, status, .nothingApplied, "nothing is applied yet", since: unit.createdAt)
        }
        let revision = report.revisions[id]
        if let revision, revision.act == .rollback, revision.commit != validated.commit {
            return condition(
                .applied, .false, .rolledBack, "revision \(id) brought back revision \(revision.restored ?? 0)", since: revision.appliedAt)
        }
        let newest = unit.fetched ?? validated
        guard newest.commit == validated.commit, revision?.commit == validated.commit else {
            let reason: Condition.Reason = report.suspensions[unit.name] == nil ? .pending : .suspended
            return condition(.applied, .false, reason, "\(newest.commit.prefix(10)) is not applied yet; \(inForce)", since: newest.at)
        }
        return condition(.applied, .true, .applied, "revision \(id) is \(validated.commit.prefix(10))", since: revision?.appliedAt)
    }

    private var inForce: String { unit.applied.map { "revision \($0) stays in force" } ?? "nothing is applied yet" }
}
