extension Repository {
    /// What the rules of the repository ask that its files alone cannot show: one line, or none.
    package var uncheckedOffline: [String] {
        var unchecked: [String] = []
        if owners.contains(where: { !$0.by.isEmpty }) { unchecked.append("who changes what (`owners`)") }
        if signatures.map({ $0.required != .off }) ?? false || owners.contains(where: { !$0.signers.isEmpty }) {
            unchecked.append("who signed (`signatures`, `signers`)")
        }
        if approvals != nil { unchecked.append("who approved (`approvals`)") }
        return unchecked.isEmpty ? [] : ["not checked offline: " + unchecked.joined(separator: ", ")]
    }
}
