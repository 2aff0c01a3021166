package import Spec

/// The prices of one model from one moment on.
package final class PriceList: Sendable {
    /// Names these prices in a ledger for ever: the catalog's uid and the moment from which they hold.
    package let version: String
    /// As declared; a journal keeps it to book usage without the catalog.
    package let declared: ModelCatalog.PriceList
    /// What an image of a chat counts under, where it has a price of its own.
    package let imageMeter: Meter?
    private let standard: Steps
    /// By class of service.
    private let tiers: [String: Steps]
    /// Whether a price for each request is the only one.
    let isByRequest: Bool
    private let hasTokens: Bool
    private let hasInput: Bool

    /// `makesImages`: `image` is then the price of one that the model makes, and `input-image` of one that it is given.
    package init(_ list: ModelCatalog.PriceList, version: String, makesImages: Bool = false) {
        self.version = version
        declared = list
        standard = Steps(list.meters, list.above)
        tiers = list.tiers.mapValues { Steps(list.meters, list.above, of: $0) }
        imageMeter =
            list.meters[.inputImage] != nil ? .inputImage : list.meters[.image] != nil && !makesImages ? .image : nil
        let (input, output) = (list.meters[.input] != nil, list.meters[.output] != nil)
        isByRequest = list.meters[.request] != nil && !input && !output
        hasTokens = input && output || isByRequest
        hasInput = input || isByRequest
    }

    package var effectiveFrom: Instant? { declared.effectiveFrom }
    /// Whether prices differ by class of service.
    package var hasTiers: Bool { !tiers.isEmpty }

    /// Whether everything that such an answer is sure to have has a price; by the price of its input alone, the text that
    /// a model writes would seem to be free.
    func isComplete(for endpoint: Endpoint) -> Bool {
        switch endpoint {
        case .chatCompletions, .completions, .inference: hasTokens
        case .embeddings, .moderations: hasInput
        default: isComplete(forMetered: endpoint)
        }
    }

    /// What holds for the whole of an answer with so much input; a class of service without prices of its own has the usual ones.
    func rates(tier: String?, input: Int64) -> Rates {
        (tier.flatMap { tiers[$0] } ?? standard).rates(input: input)
    }

    /// All that may hold for an answer with up to so much input: a provider may serve a request in another class than the
    /// one it asks for, and says so. Of `auto` it is the provider who chooses.
    func possible(tier: String?, input: Int64, _ body: (Rates) -> Void) {
        standard.forEach(upTo: input, body)
        guard let tier, !tiers.isEmpty else { return }
        if tier == Self.chosenByProvider {
            for steps in tiers.values { steps.forEach(upTo: input, body) }
        } else {
            tiers[tier]?.forEach(upTo: input, body)
        }
    }

    private static let chosenByProvider = "auto"

    /// The prices of one class of service, by the size of the input.
    private struct Steps: Sendable {
        let plain: Rates
        /// By rising size, beyond which each holds.
        let larger: [(above: Int64, rates: Rates)]

        /// A tier names what differs from the usual prices of the same size, and its own steps what differs again.
        init(
            _ meters: [Meter: PicoUSDPerMillion], _ above: [ModelCatalog.PriceStep], of tier: ModelCatalog.PriceTier? = nil
        ) {
            func rates(_ input: Int64) -> Rates {
                var all = meters
                func lay(_ more: [Meter: PicoUSDPerMillion]) { all.merge(more) { $1 } }
                for step in above where step.input <= input { lay(step.meters) }
                guard let tier else { return Rates(all) }
                lay(tier.meters)
                for step in tier.above where step.input <= input { lay(step.meters) }
                return Rates(all)
            }
            let sizes = Set((above + (tier?.above ?? [])).map(\.input)).sorted()
            plain = rates(0)
            larger = sizes.map { ($0, rates($0)) }
        }

        func rates(input: Int64) -> Rates { larger.last { $0.above < input }?.rates ?? plain }

        func forEach(upTo input: Int64, _ body: (Rates) -> Void) {
            body(plain)
            for step in larger where step.above < input { body(step.rates) }
        }
    }
}
