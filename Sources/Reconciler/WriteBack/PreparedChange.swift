internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// A request as a commit that is in the repository and on no branch.
struct PreparedChange {
    var commit: ObjectID
    /// The tip that it follows; the same where the branch is as it was asked to be already.
    var parent: ObjectID
    var way: ChangeRights.Way
    /// Where it is proposed, if it is.
    var proposal: BranchName

    var isNeedless: Bool { commit == parent }
}

extension ReconcileSession {
    /// Edits the files of the tip, and judges what comes out as any other commit is judged, and by the rights of the caller.
    func prepare(_ request: ChangeRequest, on tip: Commit, in repository: GitRepository) throws -> PreparedChange {
        guard let caller = ResourceKey(member: request.asked.caller) else {
            throw ChangeRefusal.refused("\(request.asked.caller.printable) is no member; callers are written organization/member")
        }
        guard !request.asked.patch.steps.isEmpty else { throw ChangeRefusal.refused("this version does not know what is asked for") }
        let rights = try connection.transaction { try changeRights($0) }
        try rights.admit(caller, toChange: request.asked.patch.orgs)
        guard case .sound(let before) = try read(tip, in: repository) else {
            throw ChangeRefusal.postponed("the branch has mistakes at \(tip.id.short); charter status names them")
        }
        try Self.requireExpected(request.asked.patch, before.resources)
        var edited = try EditedFiles(before, in: repository)
        let end = ContinuousClock.now + EditedFiles.editingMax
        for step in request.asked.patch.steps { try edited.carryOut(step, until: end) }
        var way = try rights.way(of: caller, changing: edited.changed)
        if request.asked.patch.isProposal, way == .branch { way = .proposal("\(caller.member) asked with config.propose and not config.write") }
        guard let proposal = BranchName(rights.branchPrefix + request.uid) else {
            throw ChangeRefusal.refused("no branch can begin with `\(rights.branchPrefix)`, as charter.yaml has it for proposals")
        }
        if edited.changed.isEmpty { try edited.requireWanted(in: before.resources) }
        guard !edited.changed.isEmpty else { return PreparedChange(commit: tip.id, parent: tip.id, way: way, proposal: proposal) }
        let commit = try makeCommit(of: request, by: rights.rights.member(caller), caller, edited, on: tip, in: repository)
        switch try read(commit, in: repository) {
        case .rejected(let rejection): throw Self.refusal(rejection)
        case .sound(let after):
            try edited.requireWanted(in: after.resources)
            if way == .branch, let excess = try rights.excess(of: caller, from: before.resources, to: after.resources) {
                way = .proposal("\(excess), which \(caller.member) does not have")
            }
            if way == .branch { try requireVerified(commit, after: tip, after, rights.rules, in: repository) }
        }
        return PreparedChange(commit: commit.id, parent: tip.id, way: way, proposal: proposal)
    }

    /// Throws `refused` where the branch declares something else than the caller saw.
    private static func requireExpected(_ patch: ChangePatch, _ resources: [ResourceKey: Resource]) throws(ChangeRefusal) {
        for key in patch.present.sorted() where resources[key] == nil {
            throw .refused(ChangeRequest.RefusalWord.changedMeanwhile.reason("\(key) is not declared any more"))
        }
        for (key, seen) in patch.expected.sorted(by: { $0.key < $1.key }) {
            let found = resources[key]
            guard found.map({ ChangePatch.seen($0.canonical) }) != seen else { continue }
            let now = found == nil ? "is not declared any more" : seen == nil ? "is declared by now" : "says something else than the caller saw"
            throw .refused(ChangeRequest.RefusalWord.changedMeanwhile.reason("\(key) \(now)"), place: found?.place)
        }
    }

    private static func refusal(_ rejection: Rejection) -> ChangeRefusal {
        let first = rejection.diagnostics.first { $0.severity == .error }
        let more = rejection.errorCount > 1 ? ", and \(rejection.errorCount - 1) more" : ""
        return .refused(ChangeRequest.RefusalWord.mistake.reason((first?.message ?? "it cannot be read") + more), place: first?.place)
    }

    private func makeCommit(
        of request: ChangeRequest, by member: Member?, _ caller: ResourceKey, _ edited: EditedFiles, on tip: Commit,
        in repository: GitRepository
    ) throws -> Commit {
        let author = GitPerson(
            name: member?.displayName ?? caller.name, mail: member?.email ?? "\(caller.name)@\(caller.org ?? "platform").invalid")
        let tree: ObjectID
        do throws(GitError) { tree = try repository.makeTree(like: tip.id, with: edited.files) } catch {
            // Such as a file where a folder is; trying again would find the same.
            throw ChangeRefusal.refused("no commit can be made of it: \(error)")
        }
        let draft = CommitDraft(
            tree: tree, parent: tip.id, author: author,
            committer: GitPerson(name: "Charter", mail: "charter@\(Operator.host)"), message: ChangeMessage.text(of: request), at: .now)
        let signature = try source.signingKey.map { try CommitSigner(file: $0).sign(draft.object()) }
        return try repository.commit(repository.makeCommit(draft.object(signedBy: signature)))
    }

    /// Refuses a commit that would be rejected once it is on the branch, and hold up all others there.
    private func requireVerified(
        _ commit: Commit, after tip: Commit, _ desired: DesiredState, _ policy: Repository, in repository: GitRepository
    ) throws {
        let places = desired.resources.values.first { $0.key.kind == .repository }?.spans ?? Spans(path: SourceFile.rulesPath)
        let files = Set(desired.blobs.keys)
        let judge = CommitJudge(
            policy: policy, verifier: signatures.verifier(of: policy.signers), repository: repository, tip: commit, base: tip.id,
            rules: PathRules(policy, files: files.sorted()), places: places, files: files)
        let verification = try judge.judge()
        guard verification.outcome == .refused else { return }
        let first = verification.diagnostics.first { $0.severity == .error }
        let remedy = source.signingKey == nil ? "; charter watch signs what it commits with --signing-key FILE" : ""
        throw ChangeRefusal.refused("its commit would not be accepted: \(first?.message ?? "it needs a signature")\(remedy)", place: first?.place)
    }
}
