extension ModelCatalog.PriceList: FieldSet {
    init?(from fields: inout Fields) {
        effectiveFrom = fields.optional(
            "effectiveFrom", .amount, "from when on these prices hold", .enforced(by: "ModelEntry.prices"))
        let meters: [Meter: PicoUSDPerMillion]? = fields.required(
            "meters", .meters, "the price of each meter", .enforced(by: "Pricing.cost"))
        above = ModelCatalog.PriceStep.read(&fields)
        tiers = fields.value(
            "tiers", .serviceTiers, default: [:], "prices by class of service: `batch`, `flex`, `priority` and others",
            .enforced(by: "PriceList.rates"))
        guard let meters else { return nil }
        self.meters = meters
    }
}

extension ModelCatalog.PriceTier: FieldSet {
    init?(from fields: inout Fields) {
        let meters: [Meter: PicoUSDPerMillion]? = fields.required(
            "meters", .meters, "the price of each meter; others keep theirs", .enforced(by: "PriceList.rates"))
        above = ModelCatalog.PriceStep.read(&fields)
        guard let meters else { return nil }
        self.meters = meters
    }
}

extension ModelCatalog.PriceStep: FieldSet {
    init?(from fields: inout Fields) {
        let input: Int64? = fields.required(
            "input", .size, "the tokens of input beyond which these prices hold for the whole request", .enforced(by: "PriceList.rates"))
        let meters: [Meter: PicoUSDPerMillion]? = fields.required(
            "meters", .meters, "the price of each meter; others keep theirs", .enforced(by: "PriceList.rates"))
        guard let input, let meters else { return nil }
        self.input = input
        self.meters = meters
    }

    /// The field `above`, whose sizes rise.
    static func read(_ fields: inout Fields) -> [Self] {
        let steps: [Self] = fields.value(
            "above", .list(of: .fields), default: [], "prices of large requests, by rising size", .enforced(by: "PriceList.rates"))
        let places = fields.itemExtents(of: "above")
        for index in steps.indices {
            let before = index == 0 ? 0 : steps[index - 1].input
            guard steps[index].input <= before, index < places.count else { continue }
            fields.reading.report(
                .priceStepsUnordered, places[index],
                index == 0 ? "this step begins at 0, where the plain prices hold" : "this step is not above the one before it",
                hint: "order the list by `input`, each larger than the one before",
                related: index == 0 ? [] : [(places[index - 1], "the one before")])
        }
        return steps
    }
}

extension Shape where Value == [Meter: PicoUSDPerMillion] {
    static var meters: Shape<[Meter: PicoUSDPerMillion]> {
        let named = Shape<[Named<PicoUSDPerMillion>]>.map(
            key: "a meter", pattern: Meter.pattern, Meter.accepts, hint: "one of: " + Meter.first.map { "`\($0)`" }.joined(separator: ", "),
            of: { _ in .amount })
        return named.remarkingKeys(by: Vocabulary(noun: "a meter", example: "input", known: Meter.known))
            .map { pairs in
                Dictionary(pairs.map { (Meter(rawValue: $0.name), $0.value) }) { first, _ in first }
            }
    }
}

extension Shape where Value == [String: ModelCatalog.PriceTier] {
    static var serviceTiers: Shape<[String: ModelCatalog.PriceTier]> {
        Shape<[Named<ModelCatalog.PriceTier>]>.words(of: .serviceTiers) { _ in .fields }
            .map { tiers in Dictionary(tiers.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

extension Shape where Value == [ModelCatalog.PriceList] {
    /// One mapping of meters, or a list of such with dates; in order of date, the undated first.
    static var prices: Shape<[ModelCatalog.PriceList]> {
        let dated = Shape.list(of: Shape<ModelCatalog.PriceList>.fields)
        let plain = Shape<[Meter: PicoUSDPerMillion]>.meters
        return Shape(.either([plain.describe(), dated.describe()])) { node, reading in
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
        // One list with nothing but meters says the same as a plain mapping, so it is written as one.
        if items.count == 1, read.value[0] == ModelCatalog.PriceList(meters: read.value[0].meters),
            case .object(let fields) = items[0]
        {
            reading.lift("/0/meters", since: mark)
            return Decoded(read.value, fields.first { $0.name == "meters" }?.value ?? .object([]))
        }
        return read
    }
}

extension Meter {
    /// Meters that every version knew: what is nearly one of them is refused.
    static let first = ["input", "output", "cacheRead", "cacheWrite", "reasoning", "image", "audio", "request"]

    /// With those that tables of prices have beside them: what is nearly one of these gets a remark.
    static let known = first + [
        "image-input", "image-output", "image-cache-read", "audio-input", "audio-output", "audio-cache-read",
        "audio-cache-write", "video-input", "video-output", "cache-write-1h", "cache-write-12h", "image-pixel",
        "pixel-input", "pixel-output", "character", "character-input", "character-output", "second", "second-input",
        "second-output", "audio-second", "audio-second-input", "audio-second-output", "video-second",
        "video-second-input", "video-second-output", "page", "annotation-page", "query", "search-query", "session",
        "citation", "credit",
    ]

    /// The set is open, but what is nearly a first meter is a slip.
    static let pattern = "[A-Za-z0-9-]+"

    static func accepts(_ name: String) -> Bool {
        if known.contains(name) { return true }
        return !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) || $0 == UInt8(ascii: "-") }
            && Suggestion.nearest(to: name, among: first) == nil
    }
}
