extension ModelCatalog: FieldSet {
    init?(from fields: inout Fields) {
        let provider = fields.required(
            "provider", .name(of: .provider), "the Provider that serves these models", .enforced(by: "Compiler.addModels"))
        let models: [Named<ModelFields>]? = fields.required(
            "models", .map(key: "the name of a model", pattern: Names.modelPattern, Names.isModelName, hint: Names.modelHint) { _ in .fields },
            "the models by the name clients ask for, alone or as `provider/name`", .parts)
        if let provider { fields.claimModels(of: provider) }
        guard let provider, let models else { return nil }
        self.provider = provider
        self.models = models.map { Model(name: $0.name, $0.value) }
    }
}

/// A model of a catalog without its name, which is the key that it stands under.
struct ModelFields: FieldSet {
    var upstreamName: String?
    var displayName: String?
    var description: String?
    var ownedBy: String?
    var mode: String
    var context: Int64?
    var maxInput: Int64?
    var maxOutput: Int64?
    var modalities: ModelCatalog.Modalities
    var capabilities: [String]
    var quality: Quality?
    var labels: [String: String]
    var deprecated: Instant?
    var endpoints: [String]
    var prices: [ModelCatalog.PriceList]

    init?(from fields: inout Fields) {
        upstreamName = fields.optional(
            "upstreamName", .text, "what the provider calls it, when that is another name",
            .enforced(by: "Compiler.addModels"))
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        description = fields.optional("description", .text, "what it is good for, for whoever chooses a model", .informs)
        ownedBy = fields.optional(
            "ownedBy", .text, "whose model it is, as model listings say", .enforced(by: "Snapshot.models"))
        mode = fields.value(
            "mode", .word(of: .modes), default: ModelFields.standardMode, shown: ModelFields.standardMode,
            "what sort of work it does; text needs a price for both what is asked and what is answered",
            .enforced(by: "ModelEntry.isPriced"))
        context = fields.optional(
            "context", .size, "the most tokens of input and output together", .enforced(by: "Snapshot.claim"))
        maxInput = fields.optional("maxInput", .size, "the most tokens of input", .notYet)
        maxOutput = fields.optional("maxOutput", .size, "the most tokens of output", .enforced(by: "Snapshot.claim"))
        modalities = fields.value(
            "modalities", .modalities, default: ModelCatalog.Modalities(),
            "what it takes, or `input` and `output` each with its list: `text`, `image`, `audio`, `video`, `pdf`",
            .informs)
        capabilities = fields.value(
            "capabilities", .set(of: .text.remarking(by: .capabilities)), default: [],
            "what it can: `chat`, `embeddings`, `tools`, `vision`, `json-schema`, `reasoning` and others", .notYet)
        quality = fields.optional("quality", .amount, "how good its answers are, up to 100", .enforced(by: "Snapshot.recommendation"))
        labels = fields.value(
            "labels", .texts, default: [:], "labels that rules may name as `label:name=value`",
            .enforced(by: "Compiler.addModels"))
        deprecated = fields.optional("deprecated", .amount, "from when on its provider advises against it", .informs)
        endpoints = fields.value(
            "endpoints", .set(of: .word(of: .operations)), default: [],
            "the operations it can serve; empty where that follows from `mode`", .notYet)
        prices = fields.value(
            "prices", .prices, default: [], "what each meter costs; a list of such where prices change",
            .enforced(by: "Pricing.cost"))
        checkSizes(fields)
        checkPrices(fields)
    }

    static let standardMode = "chat"

    /// By one price of the two, what a model is given or what it writes would be free.
    private func checkPrices(_ fields: Fields) {
        guard ModelCatalog.Model.writesText(mode, capabilities) else { return }
        let places = fields.itemExtents(of: "prices")
        for (index, list) in prices.enumerated() {
            let (hasInput, hasOutput) = (list.meters[.input] != nil, list.meters[.output] != nil)
            guard hasInput != hasOutput else { continue }
            fields.report(
                .priceIncomplete, at: index < places.count ? places[index] : fields.extent(of: "prices"),
                "`\(hasInput ? "input" : "output")` has a price and `\(hasInput ? "output" : "input")` has none, so the model counts as one without prices",
                hint: hasInput
                    ? "add the price of `output`, `0 USD/M` where it is free, or say `mode: embedding` of a model that writes nothing"
                    : "add the price of `input`, `0 USD/M` where it is free")
        }
    }

    private func checkSizes(_ fields: Fields) {
        guard let context else { return }
        for (name, size) in [("maxInput", maxInput), ("maxOutput", maxOutput)] {
            guard let size, size > context else { continue }
            fields.report(
                .sizeBeyondContext, at: fields.extent(of: name), "`\(name)` is more than the whole `context`",
                hint: "`context` counts input and output together")
        }
    }
}

extension ModelCatalog.Model {
    fileprivate init(name: String, _ fields: ModelFields) {
        self.init(
            name: name, upstreamName: fields.upstreamName ?? name, displayName: fields.displayName,
            description: fields.description, ownedBy: fields.ownedBy, mode: fields.mode, context: fields.context,
            maxInput: fields.maxInput, maxOutput: fields.maxOutput, modalities: fields.modalities,
            capabilities: fields.capabilities, quality: fields.quality, labels: fields.labels,
            deprecated: fields.deprecated, endpoints: fields.endpoints, prices: fields.prices)
    }
}

extension Fields {
    /// No other catalog may declare the same `provider/model`.
    fileprivate func claimModels(of provider: String) {
        for entry in mappingEntries(of: "models") {
            reading.claim(.model, provider + "/" + entry.key, at: entry.keyExtent)
        }
    }
}

extension Shape where Value == Int64 {
    /// A number of tokens.
    static var size: Shape<Int64> { Shape<Size>.amount.map(\.value) }
}
