/// The text of a lineage, and of whatever else has a uid.
enum LineageText {
    /// Whether it has the form of a UUID (RFC 9562) in lower case, in which the ledger and answers have them.
    static func isUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) } }
    }
}
