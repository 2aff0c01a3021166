internal import Policy
internal import Spec

/// Says which of a plan's blocks are lifted by the words given for it, and why other words do not count; a value.
struct ApprovalJudge {
    let check: ApprovalCheck
    let words: [ApprovalWord]
    /// All that the plan changes.
    let scopes: Set<GuardScope>

    /// Who lets the block pass; nil unless they are enough.
    func approvers(of block: GuardBlock) -> [String]? {
        guard block.isApprovable else { return nil }
        let concerned = block.scopes ?? scopes
        let counted = words.filter { check.objection(to: $0) == nil && reaches($0, concerned) }
        return DistinctPeople(counted).count >= check.terms.count ? Set(counted.map(\.name)).sorted() : nil
    }

    /// What there is to say about the words for a plan that still has these blocks.
    func remarks(on blocks: [GuardBlock]) -> [String] {
        var remarks: [String] = []
        for word in words {
            if let objection = check.objection(to: word) {
                remarks.append("\(word.title) does not count: \(objection)")
            } else {
                let outside = Set(blocks.flatMap { $0.scopes ?? scopes }).filter { !reaches(word, [$0]) }
                guard !outside.isEmpty else { continue }
                let names = outside.map(\.description).sorted().joined(separator: ", ")
                remarks.append(
                    "\(word.title) does not count for \(names): that needs a member there with plan.approve, or one with the role system-admin")
            }
        }
        let counted = words.filter { check.objection(to: $0) == nil }
        let people = DistinctPeople(counted).count
        if people > 0, people < check.terms.count {
            let shared = Set(counted.map(\.name)).count > people ? ", as who shares an address counts once" : ""
            remarks.append("\(people) of the \(check.terms.count) approvals that charter.yaml asks for \(people == 1 ? "is" : "are") given\(shared)")
        }
        return remarks
    }

    /// Whether all this is the affair of who gave the word.
    private func reaches(_ word: ApprovalWord, _ concerned: Set<GuardScope>) -> Bool {
        // Signers are named in the rules of the platform, and so speak for all of it.
        guard case .member(let key) = word.approver else { return true }
        if check.rights.isSystemAdmin(key) { return true }
        let isAlone = check.rights.isOfOneOrganization
        return concerned.allSatisfy { $0.org == key.org || ($0.org == nil && isAlone) }
    }
}
