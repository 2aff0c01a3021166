internal import Spec
internal import Store

/// One word that a plan may pass, whoever gave it and however; a value.
struct ApprovalWord: Hashable {
    enum Approver: Hashable {
        case member(ResourceKey)
        /// Of a commit that carries the trailer.
        case signer(String)
    }

    var approver: Approver
    /// The address by which people are told apart, in lower case; nil where none is known.
    var mail: String?
    var channel: Repository.Approvals.Channel
    /// When it was given and where, for a sentence about it.
    var title: String
    var isExpired: Bool

    /// Who it is, as people write it.
    var name: String {
        switch approver {
        case .member(let key): "\(key.org ?? "-")/\(key.name)"
        case .signer(let name): "the signer \(name)"
        }
    }
}

extension ApprovalWord {
    /// A row of the database.
    init(_ row: Approval, _ rights: ApproverBook) {
        let key = ResourceKey(org: row.org, kind: .member, name: row.member)
        self.init(
            approver: .member(key), mail: rights.member(key)?.email?.lowercased(), channel: .console,
            title: "the approval of \(row.org)/\(row.member) at \(row.at.iso8601)", isExpired: row.isExpired)
    }
}

/// The address in `Name <mail>`, in lower case.
func mailAddress(of author: String) -> String? {
    guard let start = author.lastIndex(of: "<"), let end = author.lastIndex(of: ">"), start < end else { return nil }
    let mail = author[author.index(after: start)..<end].lowercased()
    return mail.isEmpty ? nil : mail
}
