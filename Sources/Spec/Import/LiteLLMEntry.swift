/// Reads one entry of LiteLLM's table into a model.
struct LiteLLMEntry {
    private(set) var reading: EntryReading

    init(_ key: String, _ node: Node, provider: String, name: String) {
        reading = EntryReading(entry: key, node, provider: provider, name: name)
        reading.settle("/litellm_provider", .carried(.provider))
        for field in node.members { read(field) }
        if node.member("mode") == nil { reading.notice("", .assumed) }
        reading.model.capabilities.sort()
    }

    private mutating func read(_ field: Node.Entry) {
        let pointer = "/" + JSONPointer.escaped(field.key)
        if let price = LiteLLMPrice(field.key) {
            return reading.price(field.value, at: pointer, of: price.unit, to: price.place)
        }
        if field.key.hasPrefix("supports_") {
            let own = ForeignText.word(String(field.key.dropFirst("supports_".count)))
            guard let word = LiteLLMEntry.capabilities[field.key] ?? own else {
                return reading.leave(pointer, .noField)
            }
            return reading.flag(field.value, at: pointer, word)
        }
        switch field.key {
        case "litellm_provider": break
        case "max_input_tokens": reading.model.maxInput = reading.tokens(field.value, at: pointer, to: .maxInput)
        case "max_output_tokens": reading.model.maxOutput = reading.tokens(field.value, at: pointer, to: .maxOutput)
        case "mode": readMode(field.value, at: pointer)
        case "supported_modalities":
            reading.model.input = reading.words(field.value, at: pointer, to: .inputModality)
        case "supported_output_modalities":
            reading.model.output = reading.words(field.value, at: pointer, to: .outputModality)
        case "supported_endpoints":
            reading.model.endpoints = reading.words(field.value, at: pointer, to: .endpoint, ForeignText.operation)
        case "deprecation_date": readDate(field.value, at: pointer)
        case "source", "comment":
            if let line = reading.line(field.value, at: pointer, to: .comment) { reading.model.comments.append(line) }
        case "tiered_pricing": readTiers(field.value, at: pointer)
        case "search_context_cost_per_query": readSearch(field.value, at: pointer)
        default: reading.leave(pointer, LiteLLMEntry.reason(for: field.key))
        }
    }

    private mutating func readMode(_ node: Node, at pointer: String) {
        guard let mode = node.string.flatMap(ForeignText.word) else { return reading.leave(pointer, .notUnderstood) }
        reading.model.mode = mode
        reading.settle(pointer, .carried(.mode))
    }

    private mutating func readDate(_ node: Node, at pointer: String) {
        guard let text = node.string, let date = try? Instant.parse(text) else {
            return reading.leave(pointer, .notUnderstood)
        }
        reading.model.deprecated = date.text
        reading.settle(pointer, .carried(.deprecated))
    }

    /// Three prices for one search, by how much of the web goes into the context; mostly the same three times.
    private mutating func readSearch(_ node: Node, at pointer: String) {
        let prices = node.members.map(\.value.number)
        let isOne = prices.count == LiteLLMPrice.searchMeters.count && Set(prices).count == 1
        for field in node.members {
            let inner = "\(pointer)/\(JSONPointer.escaped(field.key))"
            if let each = LiteLLMPrice.searchMeters[field.key] {
                let meter = isOne ? LiteLLMPrice.searchMeter : each
                reading.price(field.value, at: inner, of: .one, to: PricePlace(meter))
            } else {
                reading.leave(inner, .unknownPrice)
            }
        }
    }

    // MARK: Tiers by the length of the input

    /// A list of `{range: [0, 32000.0], input_cost_per_token: …}`: the whole request costs what the range says that its
    /// input is in, above its lower end and up to its upper one.
    private mutating func readTiers(_ node: Node, at pointer: String) {
        guard case .sequence(let tiers) = node.content else { return reading.leave(pointer, .notUnderstood) }
        let starts = tiers.map { LiteLLMEntry.bound(of: $0, 0) }
        for (index, tier) in tiers.enumerated() {
            let inner = "\(pointer)/\(index)"
            guard let start = starts[index] else {
                reading.leave(inner, .otherMeasure)
                continue
            }
            let end = LiteLLMEntry.bound(of: tier, 1)
            reading.settle("\(inner)/range/0", .carried(.priceBound))
            let isNext = index + 1 < tiers.count && end != nil && end == starts[index + 1]
            reading.settle("\(inner)/range/1", isNext ? .carried(.priceBound) : .left(.tierEnd))
            for field in tier.members where field.key != "range" { readTierPrice(field, at: inner, above: start) }
        }
    }

    private mutating func readTierPrice(_ field: Node.Entry, at pointer: String, above start: Int64) {
        let inner = "\(pointer)/\(JSONPointer.escaped(field.key))"
        guard var price = LiteLLMPrice(field.key), price.place.above == nil else {
            return reading.leave(inner, .unknownPrice)
        }
        price.place.above = start == 0 ? nil : start
        reading.price(field.value, at: inner, of: price.unit, to: price.place)
    }

    private static func bound(of tier: Node, _ index: Int) -> Int64? {
        guard case .sequence(let bounds)? = tier.member("range")?.content, bounds.count == 2 else { return nil }
        guard let bound = bounds[index].number?.whole, bound >= 0 else { return nil }
        return bound
    }

    // MARK: What is left out

    /// Why a field that no rule reads is left out.
    private static func reason(for field: String) -> ImportReason {
        if let reason = reasons[field] { return reason }
        if field.hasPrefix("regional_") { return .regional }
        if field.hasSuffix("_interval") || field.hasSuffix("_decisions") { return .otherMeasure }
        return ["cost", "pric", "multiplier", "uplift"].contains { field.contains($0) } ? .unknownPrice : .noField
    }

    private static let reasons: [String: ImportReason] = [
        "off_peak_pricing": .offPeak,
        "provider_specific_entry": .regional,
        "search_free_requests": .allowance,
        "input_dbu_cost_per_token": .otherCurrency,
        "output_dbu_cost_per_token": .otherCurrency,
        "guardrail_cost_per_unit": .otherMeasure,
        "vector_store_cost_per_gb_per_day": .otherMeasure,
        "file_search_cost_per_gb_per_day": .otherMeasure,
        "rpm": .providerLimit,
        "tpm": .providerLimit,
        "rpd": .providerLimit,
    ]

    /// Capabilities that have a name of their own; the rest are the field's.
    private static let capabilities = [
        "supports_function_calling": "tools",
        "supports_parallel_function_calling": "parallel-tools",
        "supports_response_schema": "json-schema",
        "supports_prompt_caching": "prompt-cache",
        "supports_native_streaming": "streaming",
        "supports_speed": "speed-choice",
    ]
}
