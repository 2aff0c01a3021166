internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// What the commits since the applied one say of approvals, and who wrote them.
struct CommitTrailers {
    /// The line of a commit's message by which its signer lets a plan pass.
    static let name = "Charter-Approve"
    /// How far another machine's clock may be ahead.
    private static let aheadMax = Duration.seconds(300)

    private(set) var words: [ApprovalWord] = []
    /// Addresses of those who wrote the changes.
    private(set) var authors: Set<String> = []
    /// Signers of commits with changes.
    private(set) var authorSigners: Set<String> = []

    /// Of the commits from `base` to the tip; without a base or policy only the authors are found.
    init(
        _ plan: Plan, since base: ObjectID?, policy: Repository?, in repository: GitRepository, _ signatures: SignatureMemory,
        now: Instant
    ) throws(GitError) {
        authors = Set(plan.changes.compactMap { ApprovalWord.mail(of: $0.origin.author) })
        let verifier = policy.map { signatures.verifier(of: $0.signers) }
        let known = try base.map { base throws(GitError) in try repository.commits(since: base, upTo: plan.tip.id) } ?? nil
        let within = policy?.approvals?.within ?? Repository.Approvals.standard.within
        for id in known ?? [plan.tip.id] {
            let commit = try repository.commit(id)
            let verdict = try verifier?.verdict(of: id, in: repository) ?? .unsigned
            if try !repository.authoredPaths(of: id).isEmpty {
                if let mail = ApprovalWord.mail(of: commit.author) { authors.insert(mail) }
                authorSigners.formUnion(verdict.signers)
            }
            guard policy != nil, base != nil, try Self.approves(plan.digest.hex, id, in: repository) else { continue }
            words += Self.words(of: commit, verdict, within: within, now: now)
        }
    }

    private static func words(
        of commit: Commit, _ verdict: SignatureVerdict, within: Duration, now: Instant
    ) -> [ApprovalWord] {
        let age = now.milliseconds - commit.committedAt.milliseconds
        // Whoever commits sets the date, so one that lies ahead would be good for longer than the rules say.
        let isExpired = age > within.wholeMilliseconds || -age > aheadMax.wholeMilliseconds
        let title = "the line \(name) of \(commit.id.short)"
        // Whoever it was, it is none of the signers, which is for the judge to say.
        let signers = verdict.signers.isEmpty ? [""] : verdict.signers
        return signers.map { signer in
            ApprovalWord(
                approver: .signer(signer), mail: ApprovalWord.mail(of: commit.author), channel: .trailer, title: title,
                isExpired: isExpired)
        }
    }

    /// False for a commit too large to look into.
    private static func approves(_ digest: String, _ id: ObjectID, in repository: GitRepository) throws(GitError) -> Bool {
        do { return approves(digest, try repository.rawCommit(id)) } catch where error.code == .refused { return false }
    }

    /// Whether a trailer of the message names the digest.
    static func approves(_ digest: String, _ object: [UInt8]) -> Bool {
        let text = String(decoding: object, as: UTF8.self)
        guard let head = text.firstRange(of: "\n\n") else { return false }
        return MessageTrailers(of: text[head.upperBound...]).values(of: name).contains { WaitingPlan.names($0, digest) }
    }
}
