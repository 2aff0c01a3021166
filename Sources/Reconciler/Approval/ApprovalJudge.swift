internal import Spec

/// Says which of a plan's blocks are lifted by the words given for it, and why other words do not count; a value.
struct ApprovalJudge {
    let terms: Repository.Approvals
    let rights: ApproverBook
    let words: [ApprovalWord]
    /// Addresses of those who wrote the changes.
    let authors: Set<String>
    let authorSigners: Set<String>
    /// All that the plan changes.
    let scopes: Set<GuardScope>

    /// Who lets the block pass; nil unless they are enough.
    func approvers(of block: GuardBlock) -> [String]? {
        guard block.isApprovable else { return nil }
        let concerned = block.scopes ?? scopes
        let counted = words.filter { objection(to: $0) == nil && reaches($0, concerned) }
        return DistinctPeople(counted).count >= terms.count ? Set(counted.map(\.name)).sorted() : nil
    }

    /// What there is to say about the words for a plan that still has these blocks.
    func remarks(on blocks: [GuardBlock]) -> [String] {
        var remarks: [String] = []
        for word in words {
            if let objection = objection(to: word) {
                remarks.append("\(word.title) does not count: \(objection)")
            } else {
                let outside = Set(blocks.flatMap { $0.scopes ?? scopes }).filter { !reaches(word, [$0]) }
                guard !outside.isEmpty else { continue }
                let names = outside.map(\.description).sorted().joined(separator: ", ")
                remarks.append(
                    "\(word.title) does not count for \(names): that needs a member there with plan.approve, or one with the role system-admin")
            }
        }
        let counted = words.filter { objection(to: $0) == nil }
        let people = DistinctPeople(counted).count
        if people > 0, people < terms.count {
            let shared = Set(counted.map(\.name)).count > people ? ", as who shares an address counts once" : ""
            remarks.append("\(people) of the \(terms.count) approvals that charter.yaml asks for \(people == 1 ? "is" : "are") given\(shared)")
        }
        return remarks
    }

    /// Why a word counts for nothing at all; a clause.
    func objection(to word: ApprovalWord) -> String? {
        if !terms.from.contains(word.channel) {
            return "charter.yaml takes approvals only from \(terms.from.map(\.rawValue).joined(separator: ", "))"
        }
        if word.isExpired { return "it has expired" }
        switch word.approver {
        case .member(let key):
            guard rights.member(key) != nil else { return "no such member is applied" }
            guard rights.permissions(of: key).contains(.planApprove) else {
                return "none of the member's roles has plan.approve"
            }
            guard terms.author == .block else { return nil }
            guard let mail = word.mail else {
                return "the member has no email by which to tell that it is not the author"
            }
            // An author's address is what the commit says; a signer of that name gives it away.
            let isAuthor = authors.contains(mail) || authorSigners.contains(key.name)
            return isAuthor ? "\(word.name) is the author of what it would let pass" : nil
        case .signer(let name):
            guard !name.isEmpty else { return "the commit has no good signature of a signer that is applied" }
            guard terms.author == .block else { return nil }
            let isAuthor = authorSigners.contains(name) || word.mail.map(authors.contains) ?? true
            return isAuthor ? "\(word.name) is the author of what it would let pass" : nil
        }
    }

    /// Whether all this is the affair of who gave the word.
    private func reaches(_ word: ApprovalWord, _ concerned: Set<GuardScope>) -> Bool {
        // Signers are named in the rules of the platform, and so speak for all of it.
        guard case .member(let key) = word.approver else { return true }
        if rights.isSystemAdmin(key) { return true }
        let isAlone = rights.isOfOneOrganization
        return concerned.allSatisfy { $0.org == key.org || ($0.org == nil && isAlone) }
    }
}
