extension ModelCatalog: FieldSet {
    init?(from fields: inout Fields) {
        let provider = fields.required("provider", .name(of: .provider), "the Provider that serves these models", .enforced(by: "Compiler.addModels"))
        let models: [Named<ModelFields>]? = fields.required(
            "models", .map(key: "the name of a model", Names.isModelName, hint: Names.modelHint) { _ in .fields },
            "the models by the name clients ask for, alone or as `provider/name`", .parts)
        guard let provider, let models else { return nil }
        self.provider = provider
        self.models = models.map { Model(name: $0.name, $0.value) }
        fields.claimModels(of: provider)
    }
}

/// A model of a catalog without its name, which is the key that it stands under.
struct ModelFields: FieldSet {
    var upstreamName: String?
    var displayName: String?
    var ownedBy: String?
    var context: Int64?
    var maxOutput: Int64?
    var modalities: [String]
    var capabilities: [String]
    var labels: [String: String]
    var prices: [ModelCatalog.PriceList]

    init?(from fields: inout Fields) {
        upstreamName = fields.optional("upstreamName", .text, "what the provider calls it, when that is another name", .enforced(by: "Compiler.addModels"))
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        ownedBy = fields.optional("ownedBy", .text, "whose model it is, as model listings say", .enforced(by: "Snapshot.models"))
        context = fields.optional("context", .size, "the most tokens of input and output together", .enforced(by: "Snapshot.claim"))
        maxOutput = fields.optional("maxOutput", .size, "the most tokens of output", .enforced(by: "Snapshot.claim"))
        modalities = fields.value("modalities", .set(of: .text), default: [], "what it takes: `text`, `image`, `audio`", .informs)
        capabilities = fields.value(
            "capabilities", .set(of: .text), default: [], "what it can: `chat`, `embeddings`, `tools`", .notYet)
        labels = fields.value("labels", .texts, default: [:], "labels that rules may name as `label:name=value`", .enforced(by: "Compiler.addModels"))
        prices = fields.value(
            "prices", .prices, default: [], "what each meter costs; a list of such where prices change", .enforced(by: "Pricing.cost"))
    }
}

extension ModelCatalog.Model {
    fileprivate init(name: String, _ fields: ModelFields) {
        self.init(
            name: name, upstreamName: fields.upstreamName ?? name, displayName: fields.displayName,
            ownedBy: fields.ownedBy,
            context: fields.context, maxOutput: fields.maxOutput, modalities: fields.modalities,
            capabilities: fields.capabilities, labels: fields.labels, prices: fields.prices)
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
    fileprivate static var size: Shape<Int64> { Shape<Size>.amount.map(\.value) }
}
