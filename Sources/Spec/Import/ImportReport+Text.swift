extension ImportReport {
    /// Places that a summary names of each reason.
    private static let placesMax = 3
    private static let fieldsMax = 6
    private static let columnsMax = 60

    /// By reason, with counts and the first places; the whole is in `jsonLines`.
    package var summary: String {
        let byReason = Dictionary(grouping: items, by: \.reason)
        let reasons = ImportReason.allCases.filter { byReason[$0] != nil }
        var lines: [String] = []
        for (weight, title) in ImportReport.titles {
            let rows = reasons.filter { $0.weight == weight }
            if rows.isEmpty { continue }
            lines += ["", title]
            for reason in rows { lines += ImportReport.lines(of: reason, byReason[reason] ?? []) }
        }
        return lines.dropFirst().joined(separator: "\n")
    }

    private static let titles: [(ImportReason.Weight, String)] = [
        (.money, "Prices left out:"), (.fact, "Facts left out:"), (.carried, "Carried, to know:"),
    ]

    private static func lines(of reason: ImportReason, _ items: [Item]) -> [String] {
        var entries: [String] = []
        for item in items where entries.count <= placesMax && entries.last != item.entry { entries.append(item.entry) }
        let places = entries.prefix(placesMax).map { $0.shortened(to: columnsMax).printable }
        let more = entries.count > placesMax ? ", …" : ""
        return [
            "  \(reason.rawValue): \(items.count)  (\(reason.meaning))",
            fields(of: items).map { "      \($0)" },
            "      in \(places.joined(separator: ", "))\(more)",
        ].compactMap { $0 }
    }

    /// The fields that it is about, the most frequent first.
    private static func fields(of items: [Item]) -> String? {
        var counts: [String: Int] = [:]
        for item in items where !item.field.isEmpty { counts[item.field, default: 0] += 1 }
        guard !counts.isEmpty else { return nil }
        let sorted = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        let named = sorted.prefix(fieldsMax).map { "\($0.key.shortened(to: columnsMax).printable) \($0.value)" }
        let rest = sorted.count > fieldsMax ? ", and \(sorted.count - fieldsMax) fields more" : ""
        return named.joined(separator: ", ") + rest
    }
}
