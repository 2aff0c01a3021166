/// What a client takes, of `Accept` (RFC 9110 §12.5.1); a value.
struct MediaRange: Hashable {
    let type: String
    let subtype: String
    /// In thousandths; 0 for what is not to be sent.
    let weight: Int

    /// Nil for what is no range; its parameters but `q` are not looked at.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ";").map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
        let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty }) else { return nil }
        (type, subtype) = (names[0], names[1])
        guard let quality = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else {
            weight = Self.whole
            return
        }
        guard let value = Double(quality.dropFirst(2)), (0...1).contains(value) else { return nil }
        weight = Int(value * Double(Self.whole))
    }

    /// What fits best of what there is, the first of equals; the first of all where the client says nothing, nil where nothing fits.
    static func best(of offered: [String], for fields: [String]) -> String? {
        let ranges = fields.flatMap { $0.split(separator: ",") }.compactMap { MediaRange($0) }
        guard !ranges.isEmpty else { return offered.first }
        let weighed = offered.map { (type: $0, weight: weight(of: $0, in: ranges)) }
        let best = weighed.map(\.weight).max() ?? 0
        return best > 0 ? weighed.first { $0.weight == best }?.type : nil
    }

    /// The closest range says.
    private static func weight(of type: String, in ranges: [MediaRange]) -> Int {
        let names = type.split(separator: "/").map(String.init)
        let fitting = ranges.filter { ($0.type == names[0] && ["*", names[1]].contains($0.subtype)) || ($0.type == "*" && $0.subtype == "*") }
        let closest = fitting.map(\.closeness).max() ?? 0
        return fitting.filter { $0.closeness == closest }.map(\.weight).max() ?? 0
    }

    private var closeness: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) }

    private static let whole = 1_000
}
