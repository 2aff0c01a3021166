internal import Spec
internal import Store

extension ResourceKey {
    /// Whether something of that name is declared, or a key of it minted.
    func isTaken(_ transaction: Transaction) throws -> Bool {
        if try Resources.one(transaction, self) != nil { return true }
        return try kind == .apiKey && DelegatedKeys.isTaken(transaction, .organization(org ?? ""), name: name)
    }
}
