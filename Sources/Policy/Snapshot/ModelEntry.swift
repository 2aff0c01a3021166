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
    package let labels: [String: String]
    /// In the order in which they come into force.
    package let prices: [PriceList]
    let catalog: Int32
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
        labels = model.labels
        prices = model.prices.map { list in
            PriceList(list, version: Self.version(of: list, catalogUID: catalogUID))
        }
    }

    /// The last list that holds at a moment; nil for a model without prices, or none yet, or none for what is counted.
    package func prices(at now: Instant) -> PriceList? {
        let list =
            prices.count == 1 && prices[0].effectiveFrom == nil
            ? prices[0] : prices.last { list in list.effectiveFrom.map { $0 <= now } ?? true }
        return list.flatMap { $0.isCounted ? $0 : nil }
    }

    /// JSON pointer of the model, or of one of its fields, in its catalog.
    func pointer(_ field: String = "") -> String {
        "/spec/models/" + JSONPointer.escaped(name) + field
    }

    /// The fingerprint tells corrected prices apart from those they replace.
    private static func version(of list: ModelCatalog.PriceList, catalogUID: String) -> String {
        let text = list.meters.map { "\($0.key.rawValue)=\($0.value.rawValue)" }.sorted().joined(separator: ",")
        let fingerprint = String(StableHash.of(text), radix: 16)
        let from = list.effectiveFrom.map { CivilDate($0) }
        return "\(catalogUID)@\(from.map(\.description) ?? "start")#\(fingerprint)"
    }
}
