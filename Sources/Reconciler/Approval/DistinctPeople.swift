internal import Policy
internal import Spec

/// How many people stand behind some words: whoever shares an address, a member or a signer with another is the same. A value.
struct DistinctPeople {
    /// What each is known by.
    private var groups: [Set<String>] = []

    init(_ words: [ApprovalWord]) {
        let signers = Set(words.compactMap(\.signer))
        for word in words { add(word.marks(beside: signers)) }
    }

    var count: Int { groups.count }

    private mutating func add(_ marks: Set<String>) {
        let same = groups.filter { !$0.isDisjoint(with: marks) }
        groups.removeAll { !$0.isDisjoint(with: marks) }
        groups.append(same.reduce(marks) { $0.union($1) })
    }
}

extension ApprovalWord {
    fileprivate var signer: String? {
        if case .signer(let name) = approver { name } else { nil }
    }

    /// A commit's address is what its author says, so a signer called like a member is taken for that member too.
    fileprivate func marks(beside signers: Set<String>) -> Set<String> {
        var marks: Set<String> = [name]
        if let mail { marks.insert("mail \(mail)") }
        switch approver {
        case .member(let key): if signers.contains(key.name) { marks.insert("called \(key.name)") }
        case .signer(let name): marks.insert("called \(name)")
        }
        return marks
    }
}
