extension ModelCatalog.PriceList: FieldSet {
    init?(from fields: inout Fields) {
        effectiveFrom = fields.optional("effectiveFrom", .amount, "from when on these prices hold", .enforced(by: "ModelEntry.prices"))
        let meters: [Meter: PicoUSDPerMillion]? = fields.required("meters", .meters, "the price of each meter", .enforced(by: "Pricing.cost"))
        guard let meters else { return nil }
        self.meters = meters
    }
}

extension Shape where Value == [Meter: PicoUSDPerMillion] {
    static var meters: Shape<[Meter: PicoUSDPerMillion]> {
        Shape<[Named<PicoUSDPerMillion>]>.map(
            key: "a meter", Meter.accepts, hint: "one of: " + Meter.known.map { "`\($0)`" }.joined(separator: ", "),
            of: { _ in .amount }
        ).map { pairs in
            Dictionary(pairs.map { (Meter(rawValue: $0.name), $0.value) }) { first, _ in first }
        }
    }
}

extension Shape where Value == [ModelCatalog.PriceList] {
    /// One mapping of meters, or a list of such with dates; in order of date, the undated first.
    static var prices: Shape<[ModelCatalog.PriceList]> {
        let dated = Shape.list(of: Shape<ModelCatalog.PriceList>.fields)
        let plain = Shape<[Meter: PicoUSDPerMillion]>.meters
        return Shape(plain.describe()) { node, reading in
            if case .sequence(let nodes) = node.content {
                let mark = reading.mark
                return dated.read(node, reading).flatMap { ordered($0, nodes, reading, since: mark) }
            }
            return plain.read(node, reading).map {
                Decoded([ModelCatalog.PriceList(effectiveFrom: nil, meters: $0.value)], $0.canonical)
            }
        }
    }

    private static func ordered(
        _ read: Decoded<[ModelCatalog.PriceList]>, _ nodes: [Node], _ reading: Reading, since mark: Int
    ) -> Decoded<[ModelCatalog.PriceList]>? {
        guard case .list(let items) = read.canonical else { return nil }
        let starts = read.value.map { $0.effectiveFrom?.milliseconds ?? Int64.min }
        for index in starts.indices.dropFirst() where starts[index] <= starts[index - 1] {
            reading.report(
                .pricesOverlap, nodes[index].extent, "these prices do not begin after the ones before them",
                hint: "order the list by `effectiveFrom`; only the first may be without one",
                related: [(nodes[index - 1].extent, "the ones before")])
            return nil
        }
        // One list without a date says the same as a plain mapping, so it is written as one.
        if items.count == 1, read.value[0].effectiveFrom == nil, case .object(let fields) = items[0] {
            reading.lift("/0/meters", since: mark)
            return Decoded(read.value, fields.first { $0.name == "meters" }?.value ?? .object([]))
        }
        return read
    }
}

extension Meter {
    static let known = ["input", "output", "cacheRead", "cacheWrite", "reasoning", "image", "audio", "request"]

    /// The set is open, but what is nearly a known meter is a slip.
    static func accepts(_ name: String) -> Bool {
        if known.contains(name) { return true }
        return !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) || $0 == UInt8(ascii: "-") }
            && Suggestion.nearest(to: name, among: known) == nil
    }
}
