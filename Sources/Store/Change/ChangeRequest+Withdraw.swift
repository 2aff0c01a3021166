internal import Spec

extension ChangeRequest {
    /// Takes it back, with a row in the audit; false where it is carried out already, or may be at this moment. The branch of a proposal is the
    /// reconciler's to take away.
    package func withdraw(_ transaction: Transaction, reason: String, by actor: String) throws(DatabaseError) -> Bool {
        guard try ChangeRequests.withdraw(transaction, .everything, uid: uid, reason: reason, by: actor) else { return false }
        try Audit.append(
            transaction, asked.org.map(Tenancy.organization) ?? .platform, actor: actor, action: "change.withdrawn", subject: uid,
            detail: JSONTree.object([("reason", .string(reason))]).text)
        return true
    }
}
