internal import Policy
internal import Spec

/// A recommendation in words.
extension Recommendation {
    /// Why the best is the best.
    var reasoning: String {
        guard let best else { return sentenceOfNone }
        let aim =
            switch objective {
            case .cost: "Optimized for cost"
            case .speed: "Optimized for speed"
            case .quality: "Optimized for quality"
            case .balanced: "Optimized for balanced performance"
            }
        let place = ranked.count == 1 ? "the one model that fits" : "the best of \(ranked.count) models that fit"
        return "\(aim): \(place); \(best.words)"
    }

    /// Why there is none.
    var sentenceOfNone: String {
        guard !excluded.isEmpty else { return "The API key may chat with no model." }
        let shown = excluded.prefix(Self.excludedShownMax).map { "\($0.model.qualifiedName): \($0.objection.words)" }
        let more = excluded.count > shown.count ? "; and \(excluded.count - shown.count) more" : ""
        return "No model that the API key may chat with fits: \(shown.joined(separator: "; "))\(more)."
    }

    private static let excludedShownMax = 5
}

extension Recommendation.Candidate {
    /// Beside the best.
    func comparison(with best: Recommendation.Candidate) -> String {
        var words: [String] = []
        if let cost, let other = best.cost, cost != other { words.append(cost.rawValue < other.rawValue ? "lower cost" : "higher cost") }
        if let latency, let other = best.latency, latency != other { words.append(latency < other ? "faster" : "slower") }
        if let quality = model.quality, let other = best.model.quality, quality != other {
            words.append(quality < other ? "lower quality" : "higher quality")
        }
        if !isHealthy { words.append("failing at present") }
        return words.isEmpty ? "Alike" : words.joined(separator: ", ").capitalizedAtBeginning
    }

    fileprivate var words: String {
        var words = [cost.map { "about \($0.dollars) USD" } ?? "of no price"]
        words.append(latency.map { "about \($0.roundedMilliseconds) ms" } ?? "of a latency that is not known yet")
        words.append(model.quality.map { "quality \($0.hundredths / 100) of 100" } ?? "of a quality that nobody declared")
        if !isHealthy { words.append("failing at present") }
        return words.joined(separator: ", ")
    }
}

extension Recommendation.Objection {
    var words: String {
        switch self {
        case .providerExcluded: "its provider is excluded"
        case .providerUnavailable: "its provider cannot be called at present"
        case .suspended: "it is suspended"
        case .inputTooLong: "the messages are longer than its context"
        case .costs(let cost): cost.map { "it would cost about \($0.dollars) USD" } ?? "it has no price"
        case .takes(let latency): "it takes about \(latency.roundedMilliseconds) ms"
        case .quality(let quality): quality.map { "its quality is \($0)" } ?? "its quality is not declared"
        }
    }
}

extension String {
    fileprivate var capitalizedAtBeginning: String { prefix(1).uppercased() + dropFirst() }
}
