internal import Spec

/// Holds new commits to the signatures that a policy asks for.
///
/// The policy is the one in force, never that of the commit it judges; only the first commit has no other than its own.
struct CommitJudge {
    let policy: Repository
    let verifier: CommitVerifier
    let repository: GitRepository
    let tip: Commit
    /// The commit applied last; nil before the first apply.
    let base: ObjectID?
    let rules: PathRules
    /// Where each rule of `owners` is written.
    let places: Spans
    /// Every file that is or was declared in.
    let files: Set<String>

    /// What speaks against the commits from `base` to `tip`.
    func judge() throws(GitError) -> Verification {
        let verdict = try verifier.verdict(of: tip.id, in: repository)
        var verification = Verification(commit: tip.id, tip: verdict, demand: demand)
        guard demand != .off, base != tip.id else { return verification }
        if general != .off && !verdict.isGood { verification.findings.append(try finding(.signature, tip.id)) }
        guard let base else { return verification }
        let movement = try repository.movement(from: base, to: tip.id)
        let new = movement == .lost ? nil : try repository.commits(since: base, upTo: tip.id)
        if general != .off && policy.signatures?.check == .every { verification.findings += try unsigned(among: new) }
        if !rules.isEmpty {
            let unsigned = Set(verification.findings.map(\.commit))
            // That the rules need some signature is said already where there is none.
            verification.findings += try trespasses(in: new, since: base, movement).filter { finding in
                if case .path(_, _, nil) = finding.subject { !unsigned.contains(finding.commit) } else { true }
            }
        }
        return verification
    }

    /// What is asked of commits as such.
    private var general: Repository.Signatures.Demand { policy.signatures?.required ?? .off }

    /// Rules for paths hold by themselves; `signatures`, when it is written, says what becomes of who breaks them too.
    private var demand: Repository.Signatures.Demand {
        policy.signatures?.required ?? (rules.isEmpty ? .off : .require)
    }

    private var isEvery: Bool { policy.signatures?.check == .every }

    private func finding(_ subject: VerificationFinding.Subject, _ id: ObjectID) throws(GitError) -> VerificationFinding {
        VerificationFinding(
            commit: id, author: try repository.commit(id).author,
            verdict: try verifier.verdict(of: id, in: repository), subject: subject)
    }

    // MARK: Every commit

    /// The commits before the tip without a good signature.
    private func unsigned(among new: [ObjectID]?) throws(GitError) -> [VerificationFinding] {
        guard let new else {
            return [try finding(.branch("its commits since the applied one cannot be listed, so not all signatures can be checked"), tip.id)]
        }
        var findings: [VerificationFinding] = []
        for id in new where id != tip.id {
            if try !verifier.verdict(of: id, in: repository).isGood { findings.append(try finding(.signature, id)) }
        }
        return findings
    }

    // MARK: Paths

    /// Changes without the signature that the rules for their paths ask for.
    private func trespasses(
        in new: [ObjectID]?, since base: ObjectID, _ movement: BranchMovement
    ) throws(GitError) -> [VerificationFinding] {
        guard let new else { return try refusals(of: files, to: tip.id) }
        let changed = try repository.changedPaths(from: repository.commit(base).tree, to: tip.tree)
        // Who signs the tip vouches for the whole of it, but where every commit must stand for itself.
        let open = isEvery ? changed : changed.filter { path in !isAllowed(path, verdictOfTip) }
        guard isEvery || !open.isEmpty else { return [] }
        var findings: [VerificationFinding] = []
        for id in new {
            let authored = try repository.authoredPaths(of: id)
            findings += try refusals(of: isEvery ? authored : authored.intersection(open), to: id)
        }
        return findings + (try dropped(open, since: base, movement))
    }

    /// Signed changes that a rewritten branch lacks; nobody's commit takes them back, so the tip must answer for it.
    private func dropped(
        _ open: Set<String>, since base: ObjectID, _ movement: BranchMovement
    ) throws(GitError) -> [VerificationFinding] {
        let fork: ObjectID?
        switch movement {
        case .forward: return []
        case .back: fork = tip.id
        case .aside(let common, _, _): fork = common
        case .unrelated, .lost: fork = nil
        }
        let before = try fork.map { id throws(GitError) in try repository.commit(id).tree }
        let gone = try repository.changedPaths(from: before, to: repository.commit(base).tree)
        return try refusals(of: gone.intersection(open), to: tip.id)
    }

    private func refusals(of paths: Set<String>, to id: ObjectID) throws(GitError) -> [VerificationFinding] {
        let verdict = try verifier.verdict(of: id, in: repository)
        var findings: [VerificationFinding] = []
        for path in paths.sorted() {
            for demand in rules.demands(for: path) where demand.signers.isDisjoint(with: verdict.signers) {
                let place = demand.rule.flatMap { places["/spec/owners/\($0)/signers"] ?? places["/spec/owners/\($0)"] }
                findings.append(try finding(.path(path, signers: demand.signers.sorted(), rule: place), id))
            }
        }
        return findings
    }

    private var verdictOfTip: SignatureVerdict { (try? verifier.verdict(of: tip.id, in: repository)) ?? .unsigned }

    private func isAllowed(_ path: String, _ verdict: SignatureVerdict) -> Bool {
        rules.demands(for: path).allSatisfy { !$0.signers.isDisjoint(with: verdict.signers) }
    }
}
