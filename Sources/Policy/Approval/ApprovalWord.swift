package import Spec

/// One word that a plan may pass, whoever gave it and however; a value.
package struct ApprovalWord: Hashable, Sendable {
    package enum Approver: Hashable, Sendable {
        case member(ResourceKey)
        /// Of a commit that carries the trailer.
        case signer(String)
    }

    package var approver: Approver
    /// The address by which people are told apart, in lower case; nil where none is known.
    package var mail: String?
    package var channel: Repository.Approvals.Channel
    /// When it was given and where, for a sentence about it.
    package var title: String
    package var isExpired: Bool

    package init(
        approver: Approver, mail: String?, channel: Repository.Approvals.Channel, title: String, isExpired: Bool
    ) {
        (self.approver, self.mail, self.channel, self.title, self.isExpired) = (approver, mail, channel, title, isExpired)
    }

    /// Who it is, as people write it.
    package var name: String {
        switch approver {
        case .member(let key): key.member
        case .signer(let name): "the signer \(name)"
        }
    }

    /// The address in `Name <mail>`, in lower case.
    package static func mail(of author: String) -> String? {
        guard let start = author.lastIndex(of: "<"), let end = author.lastIndex(of: ">"), start < end else { return nil }
        let mail = author[author.index(after: start)..<end].lowercased()
        return mail.isEmpty ? nil : mail
    }
}
