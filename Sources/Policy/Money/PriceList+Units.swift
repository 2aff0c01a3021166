package import Spec

/// What pictures and sound are billed by beside tokens.
extension PriceList {
    /// The one meter, beside tokens and `request`, under which an answer is billed; nil where none has a price. One only, since
    /// tables of prices tell the same use by the piece, the second and the character.
    package func unitMeter(for endpoint: Endpoint) -> Meter? {
        switch endpoint {
        case .imagesGenerations, .imagesEdits, .imagesVariations: first(of: [.image])
        case .audioSpeech: first(of: Meter.characters + Meter.secondsSpoken)
        case .audioTranscriptions, .audioTranslations: first(of: Meter.secondsHeard)
        default: nil
        }
    }

    /// What an image that a request brings counts under, where it has a price of its own: of a chat's also `image`, which at an
    /// endpoint that makes images is the price of those.
    package func imageMeter(for endpoint: Endpoint) -> Meter? { endpoint.isMetered ? first(of: [.inputImage]) : imageMeter }

    /// Whether what a provider tells in tokens pays for an answer, so that nothing else of it is billed.
    package func paysTokens(of endpoint: Endpoint) -> Bool {
        switch endpoint {
        case .imagesGenerations, .imagesEdits, .imagesVariations: first(of: [.output, .imageOutput]) != nil
        case .audioSpeech: first(of: [.output, .audioOutput, .audio]) != nil
        case .audioTranscriptions, .audioTranslations: first(of: [.input, .audioInput, .audio]) != nil && first(of: [.output]) != nil
        default: true
        }
    }

    /// Whether any token costs something.
    package var billsTokens: Bool { declared.meters.contains { Meter.tokens.contains($0.key) && $0.value.rawValue > 0 } }

    /// Whether tokens of what is asked cost something.
    package var billsInput: Bool { declared.meters.contains { Meter.inputTokens.contains($0.key) && $0.value.rawValue > 0 } }

    func isComplete(forMetered endpoint: Endpoint) -> Bool {
        if isByRequest || unitMeter(for: endpoint) != nil { return true }
        return paysTokens(of: endpoint) && first(of: [.input, .audioInput]) != nil
    }

    private func first(of meters: [Meter]) -> Meter? { meters.first { declared.meters[$0] != nil } }
}

extension Meter {
    /// Characters of a text to speak.
    package static let characters = ["character-input", "character"].map(Meter.init(rawValue:))
    /// Seconds of speech that is made.
    package static let secondsSpoken = ["second-output", "audio-second-output", "audio-second", "second"].map(Meter.init(rawValue:))
    /// Seconds of speech that is written down.
    package static let secondsHeard = ["second-input", "audio-second-input", "audio-second", "second"].map(Meter.init(rawValue:))

    fileprivate static let inputTokens = [Meter.input, .cacheRead, .cacheWrite, .audio] + inputParts
    fileprivate static let tokens = inputTokens + [Meter.output, .reasoning] + outputParts
}

extension Usage {
    /// What is reckoned of an answer whose tokens nobody told: pictures and sound are the dearest that they can be of.
    package static func reckoned(input: Int64, output: Int64, at endpoint: Endpoint) -> Usage {
        var usage = Usage(input: input, output: output)
        usage.attributeToMedia(at: endpoint)
        return usage
    }

    /// Of the tokens of an endpoint for pictures or sound, those are such that it is about, unless they were told apart.
    package mutating func attributeToMedia(at endpoint: Endpoint) {
        func note(_ meter: Meter, _ count: Int64) { if count > 0, other[meter] == nil { other[meter] = count } }
        if endpoint.makesImages { note(.imageOutput, output) }
        if endpoint.hearsSpeech { note(.audioInput, input) }
        if endpoint == .audioSpeech { note(.audioOutput, output) }
    }
}
