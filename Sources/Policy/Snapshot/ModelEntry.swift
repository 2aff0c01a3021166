package import Spec

/// An upstream, as the gateway needs it to forward.
package final class ProviderEntry: Sendable {
    /// Position among the snapshot's providers.
    package let index: Int
    package let name: String
    package let uid: String
    package let spec: Provider

    init(index: Int, name: String, uid: String, spec: Provider) {
        self.index = index
        self.name = name
        self.uid = uid
        self.spec = spec
    }
}

/// A model of a catalog.
package final class ModelEntry: Sendable {
    /// Position among the snapshot's models.
    package let index: Int
    package let provider: ProviderEntry
    package let name: String
    /// `provider/name`.
    package let qualifiedName: String
    package let upstreamName: String
    package let displayName: String?
    package let ownedBy: String?
    /// Tokens of input and output together.
    package let context: Int64?
    package let maxOutput: Int64?
    package let modalities: ModelCatalog.Modalities
    package let capabilities: [String]
    package let quality: Quality?
    package let labels: [String: String]
    /// Whether it answers chats.
    let isForChat: Bool
    /// In the order in which they come into force.
    package let prices: [PriceList]
    let catalog: Int32
    /// Whose answers its prices are for.
    private let work: Endpoint
    /// Of the graph's suspensions: those of its provider and its catalog.
    let suspensions: Range<Int32>

    init(
        index: Int, provider: ProviderEntry, catalog: Int32, catalogUID: String, suspensions: Range<Int32>,
        model: ModelCatalog.Model
    ) {
        self.suspensions = suspensions
        self.index = index
        self.provider = provider
        self.catalog = catalog
        name = model.name
        qualifiedName = provider.name + "/" + model.name
        upstreamName = model.upstreamName
        displayName = model.displayName
        ownedBy = model.ownedBy
        context = model.context
        maxOutput = model.maxOutput
        modalities = model.modalities
        capabilities = model.capabilities
        quality = model.quality
        isForChat = model.mode == "chat"
        labels = model.labels
        work = model.writesText ? .chatCompletions : Self.work(of: model.mode)
        let makesImages = model.modalities.output.contains("image") || model.mode.hasPrefix("image-")
        prices = model.prices.map { list in
            PriceList(list, version: Self.version(of: list, catalogUID: catalogUID), makesImages: makesImages)
        }
    }

    private init(_ other: ModelEntry, suspensions: Range<Int32>) {
        self.suspensions = suspensions
        index = other.index
        provider = other.provider
        name = other.name
        qualifiedName = other.qualifiedName
        upstreamName = other.upstreamName
        displayName = other.displayName
        ownedBy = other.ownedBy
        context = other.context
        maxOutput = other.maxOutput
        modalities = other.modalities
        capabilities = other.capabilities
        quality = other.quality
        isForChat = other.isForChat
        labels = other.labels
        prices = other.prices
        catalog = other.catalog
        work = other.work
    }

    /// The same model under other suspensions.
    func with(suspensions: Range<Int32>) -> ModelEntry { ModelEntry(self, suspensions: suspensions) }

    /// The last list that holds at a moment; nil for a model without prices, or none yet, or with prices for only a part of
    /// what such an answer has.
    package func prices(at now: Instant, for endpoint: Endpoint) -> PriceList? {
        let list =
            prices.count == 1 && prices[0].effectiveFrom == nil
            ? prices[0] : prices.last { list in list.effectiveFrom.map { $0 <= now } ?? true }
        return list.flatMap { $0.isComplete(for: endpoint) ? $0 : nil }
    }

    /// Whether some of its prices will do for what it does.
    var isPriced: Bool { prices.contains { $0.isComplete(for: work) } }

    /// What a model is for that writes no text; what this gateway has no endpoint for needs a price of its input alone.
    private static func work(of mode: String) -> Endpoint {
        switch mode {
        case "moderation": .moderations
        case "image-generation": .imagesGenerations
        case "image-edit": .imagesEdits
        case "audio-speech": .audioSpeech
        case "audio-transcription": .audioTranscriptions
        default: .embeddings
        }
    }

    /// JSON pointer of the model, or of one of its fields, in its catalog.
    func pointer(_ field: String = "") -> String {
        "/spec/models/" + JSONPointer.escaped(name) + field
    }

    /// The fingerprint tells corrected prices apart from those they replace.
    private static func version(of list: ModelCatalog.PriceList, catalogUID: String) -> String {
        var text = Self.text(of: list.meters, list.above)
        for (name, tier) in list.tiers.sorted(by: { $0.key < $1.key }) { text += ";\(name):" + Self.text(of: tier.meters, tier.above) }
        let fingerprint = String(StableHash.of(text), radix: 16)
        let from = list.effectiveFrom.map { CivilDate($0) }
        return "\(catalogUID)@\(from.map(\.description) ?? "start")#\(fingerprint)"
    }

    private static func text(of meters: [Meter: PicoUSDPerMillion], _ above: [ModelCatalog.PriceStep]) -> String {
        let plain = meters.map { "\($0.key.rawValue)=\($0.value.rawValue)" }.sorted().joined(separator: ",")
        return above.reduce(plain) { $0 + ">\($1.input):" + text(of: $1.meters, []) }
    }
}
