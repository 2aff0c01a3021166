/// A lineage as the whole number that platforms with numeric ids know it by: the first 48 bits of its uid, all of them random, which
/// fit the numbers of every JSON reader.
enum LineageNumber {
    private static let digits = 12
    private static let most = (Int64(1) << 48) - 1

    /// Nil for what is no UUID.
    static func number(of uid: String) -> Int64? {
        Int64(uid.filter { $0 != "-" }.prefix(digits), radix: 16)
    }

    /// The first and last uid with this number; nil where none can have it.
    static func uids(of number: Int64) -> ClosedRange<String>? {
        guard (0...most).contains(number) else { return nil }
        let text = String(number, radix: 16)
        let head = String(repeating: "0", count: digits - text.utf8.count) + text
        let stem = "\(head.prefix(8))-\(head.dropFirst(8))"
        return "\(stem)-0000-0000-000000000000"..."\(stem)-ffff-ffff-ffffffffffff"
    }
}
