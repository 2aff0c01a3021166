package import Spec

/// Whether a word for a plan counts at all, by the rules applied; a value.
///
/// Asked when the word is given, of the waiting commit's author alone, and again of all authors and their signers when the plan is applied.
package struct ApprovalCheck: Sendable {
    package let terms: Repository.Approvals
    package let rights: ApproverBook
    /// Addresses of those who wrote the changes.
    private let authors: Set<String>
    private let authorSigners: Set<String>

    package init(_ terms: Repository.Approvals, _ rights: ApproverBook, authors: Set<String>, authorSigners: Set<String>) {
        (self.terms, self.rights, self.authors, self.authorSigners) = (terms, rights, authors, authorSigners)
    }

    /// Why a word counts for nothing; a clause, nil where it counts.
    package func objection(to word: ApprovalWord) -> String? {
        if !terms.from.contains(word.channel) {
            return "charter.yaml takes approvals only from \(terms.from.map(\.rawValue).joined(separator: ", "))"
        }
        if word.isExpired { return "it has expired" }
        switch word.approver {
        case .member(let key): return objection(toMember: key, word)
        case .signer(let name):
            guard !name.isEmpty else { return "the commit has no good signature of a signer that is applied" }
            guard terms.author == .block else { return nil }
            let isAuthor = authorSigners.contains(name) || word.mail.map(authors.contains) ?? true
            return isAuthor ? "\(word.name) is the author of what it would let pass" : nil
        }
    }

    private func objection(toMember key: ResourceKey, _ word: ApprovalWord) -> String? {
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
    }
}
