/// Writes the prices of a model: plain where there are only meters, else as the one list that holds for ever.
struct CatalogPrices {
    private let prices: [PricePlace: ImportedPrice]

    init(_ model: ImportedModel) { prices = model.prices }

    func lines(at indent: Int) -> [String] {
        guard !prices.isEmpty else { return [] }
        let tiers = Set(prices.keys.compactMap(\.tier)).sorted()
        guard !tiers.isEmpty || !sizes(of: nil).isEmpty else {
            return CatalogText.mapping("prices", meters(of: nil, above: nil), at: indent)
        }
        var inner = content(of: nil, at: indent + 4)
        if !tiers.isEmpty {
            inner.append("\(CatalogText.pad(indent + 4))tiers:")
            for tier in tiers {
                inner.append("\(CatalogText.pad(indent + 6))\(CatalogText.text(tier)):")
                inner += content(of: tier, at: indent + 8)
            }
        }
        // The dash stands where the first field's indent would.
        inner[0] = CatalogText.pad(indent + 2) + "- " + inner[0].dropFirst(indent + 4)
        return ["\(CatalogText.pad(indent))prices:"] + inner
    }

    /// `meters` and `above` of a tier, the standard one for nil.
    private func content(of tier: String?, at indent: Int) -> [String] {
        var lines = CatalogText.mapping("meters", meters(of: tier, above: nil), at: indent)
        let sizes = sizes(of: tier)
        if !sizes.isEmpty { lines.append("\(CatalogText.pad(indent))above:") }
        for size in sizes {
            lines.append("\(CatalogText.pad(indent + 2))- input: \(AmountText.whole(size))")
            lines += CatalogText.mapping("meters", meters(of: tier, above: size), at: indent + 4)
        }
        return lines
    }

    private func sizes(of tier: String?) -> [Int64] {
        Set(prices.keys.filter { $0.tier == tier }.compactMap(\.above)).sorted()
    }

    /// Meters that every version knows in their own order, then the others by name.
    private func meters(of tier: String?, above: Int64?) -> [(String, String)] {
        func order(_ meter: String) -> (Int, String) { (Meter.first.firstIndex(of: meter) ?? Int.max, meter) }
        return prices.filter { $0.key.tier == tier && $0.key.above == above }
            .sorted { order($0.key.meter) < order($1.key.meter) }
            .map { (CatalogText.text($0.key.meter), $0.value.text) }
    }
}
