/// Reads one model of models.dev.
struct ModelsDevEntry {
    private(set) var reading: EntryReading

    init(_ key: String, _ node: Node, provider: String, name: String) {
        reading = EntryReading(entry: key, node, provider: provider, name: name)
        if node.member("id")?.string != nil { reading.settle("/id", .carried(.upstreamName)) }
        for field in node.members { read(field) }
        reading.model.capabilities.sort()
    }

    private mutating func read(_ field: Node.Entry) {
        let (node, pointer) = (field.value, "/" + JSONPointer.escaped(field.key))
        if let word = ModelsDevEntry.capabilities[field.key] { return readFlag(node, at: pointer, word) }
        switch field.key {
        case "id": reading.leave(pointer, .notUnderstood)
        case "name": reading.model.displayName = reading.line(node, at: pointer, to: .displayName)
        case "family", "status":
            reading.model.labels[field.key] = reading.line(node, at: pointer, to: .label(field.key))
        case "limit": readLimits(node, at: pointer)
        case "modalities": readModalities(node, at: pointer)
        case "cost": readCost(node, at: pointer)
        case "experimental": readModes(node, at: pointer)
        default: reading.leave(pointer, .noField)
        }
    }

    private mutating func readLimits(_ node: Node, at pointer: String) {
        for field in node.members {
            let inner = "\(pointer)/\(JSONPointer.escaped(field.key))"
            switch field.key {
            case "context": reading.model.context = reading.tokens(field.value, at: inner, to: .context)
            case "input": reading.model.maxInput = reading.tokens(field.value, at: inner, to: .maxInput)
            case "output": reading.model.maxOutput = reading.tokens(field.value, at: inner, to: .maxOutput)
            default: reading.leave(inner, .noField)
            }
        }
    }

    private mutating func readModalities(_ node: Node, at pointer: String) {
        if let input = node.member("input") {
            reading.model.input = reading.words(input, at: pointer + "/input", to: .inputModality)
        }
        if let output = node.member("output") {
            reading.model.output = reading.words(output, at: pointer + "/output", to: .outputModality)
        }
    }

    /// A flag, or an object that tells more of what it can.
    private mutating func readFlag(_ node: Node, at pointer: String, _ word: String) {
        guard case .mapping = node.content else { return reading.flag(node, at: pointer, word) }
        if !reading.model.capabilities.contains(word) { reading.model.capabilities.append(word) }
        reading.leave(pointer, .noField)
    }

    private static let capabilities = [
        "attachment": "attachment", "reasoning": "reasoning", "tool_call": "tools", "structured_output": "json-schema",
        "temperature": "temperature", "open_weights": "open-weights", "interleaved": "interleaved-reasoning",
    ]

    // MARK: Prices

    /// Prices in USD for a million tokens, with `tiers` by the length of the input; `context_over_200k` is their older
    /// form and, beside them, their copy.
    private mutating func readCost(_ node: Node, at pointer: String, tier: String? = nil) {
        let sizes = ModelsDevEntry.sizes(of: node)
        for field in node.members {
            let inner = "\(pointer)/\(JSONPointer.escaped(field.key))"
            switch field.key {
            case "tiers": readTiers(field.value, at: inner, tier: tier)
            case "context_over_200k":
                let above = sizes.count == 1 ? sizes[0] : ModelsDevEntry.olderTierSize
                readPrices(field.value, at: inner, tier: tier, above: above)
            default: readPrice(field, at: inner, tier: tier, above: nil)
            }
        }
    }

    private static let olderTierSize: Int64 = 200_000

    private static func sizes(of cost: Node) -> [Int64] {
        guard case .sequence(let tiers)? = cost.member("tiers")?.content else { return [] }
        return tiers.compactMap { $0.member("tier")?.member("size")?.number?.whole }
    }

    private mutating func readTiers(_ node: Node, at pointer: String, tier: String?) {
        guard case .sequence(let items) = node.content else { return reading.leave(pointer, .notUnderstood) }
        for (index, item) in items.enumerated() {
            let inner = "\(pointer)/\(index)"
            guard item.member("tier")?.member("type")?.string == "context",
                let size = item.member("tier")?.member("size")?.number?.whole, size > 0
            else {
                reading.leave(inner, .otherMeasure)
                continue
            }
            reading.settle(inner + "/tier/type", .carried(.priceBound))
            reading.settle(inner + "/tier/size", .carried(.priceBound))
            readPrices(item, at: inner, tier: tier, above: size)
        }
    }

    private mutating func readPrices(_ node: Node, at pointer: String, tier: String?, above: Int64?) {
        for field in node.members where field.key != "tier" {
            readPrice(field, at: "\(pointer)/\(JSONPointer.escaped(field.key))", tier: tier, above: above)
        }
    }

    private mutating func readPrice(_ field: Node.Entry, at pointer: String, tier: String?, above: Int64?) {
        guard let meter = ModelsDevEntry.meters[field.key] else { return reading.leave(pointer, .unknownPrice) }
        reading.price(field.value, at: pointer, of: .millionTokens, to: PricePlace(meter, tier: tier, above: above))
    }

    private static let meters = [
        "input": "input", "output": "output", "cache_read": "cacheRead", "cache_write": "cacheWrite",
        "reasoning": "reasoning", "input_audio": "audio-input", "output_audio": "audio-output",
    ]

    /// `experimental.modes.fast`: prices of a service tier, with what a request must say to get it.
    private mutating func readModes(_ node: Node, at pointer: String) {
        for mode in node.member("modes")?.members ?? [] {
            let inner = "\(pointer)/modes/\(JSONPointer.escaped(mode.key))"
            let asked = mode.value.member("provider")?.member("body")?.member("service_tier")
            guard let cost = mode.value.member("cost"), let tier = ForeignText.word(asked?.string ?? mode.key)
            else { continue }
            readCost(cost, at: inner + "/cost", tier: tier)
            guard asked?.string != nil, reading.model.prices.keys.contains(where: { $0.tier == tier }) else { continue }
            reading.settle(inner + "/provider/body/service_tier", .carried(.priceBound))
        }
        reading.leave(pointer, .noField)
    }
}
