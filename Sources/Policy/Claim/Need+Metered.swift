package import Spec

/// Requests for pictures, sound and judgements of texts, which are counted by the piece, the character or the second, and in tokens
/// where these have prices.
extension Need {
    init?(metered entry: ModelEntry, _ facts: RequestFacts, prices: PriceList?) {
        let answers = max(1, min(Int64(facts.choices), RequestFacts.choicesMax))
        let text = Self.likelyText(entry, facts)
        if let context = entry.context, text > Usage.sane(context) * max(1, min(Int64(facts.inputs), RequestFacts.inputsMax)) { return nil }
        // What only has prices by the piece has no tokens to limit; of what has no prices nobody knows.
        let countsTokens = prices?.billsTokens ?? true
        let pictures = Self.pictures(facts)
        model = Int32(entry.index)
        input = countsTokens ? text + pictures + Int64(facts.media.soundBytes) / TokenPolicy.soundBytesPerToken : 0
        outputCap = countsTokens ? Self.outputTokens(facts) : 0
        outputIsAssumed = false
        output = outputCap * answers
        tokens = input + output
        self.prices = prices
        money = prices.map { prices in
            var most = Pricing.Most(text: Usage.sane(Int64(facts.inputBytes)), pictures: pictures, output: output, mayHaveSound: true)
            most.add(facts.media)
            most.images = Usage.sane(Int64(facts.images))
            most.imageMeter = prices.imageMeter(for: facts.endpoint)
            most.unitMeter = prices.unitMeter(for: facts.endpoint)
            if let meter = most.unitMeter { most.units = facts.media.units(of: meter, at: facts.endpoint, answers: answers, most: true) }
            most.tier = facts.serviceTier
            return Pricing.ceiling(most, prices).rawValue
        }
    }

    private static func pictures(_ facts: RequestFacts) -> Int64 {
        let each = facts.endpoint.makesImages ? TokenPolicy.changedImageTokens : TokenPolicy.imageTokens
        return Usage.sane(Int64(facts.images)) * each
    }

    /// Of one answer.
    private static func outputTokens(_ facts: RequestFacts) -> Int64 {
        if facts.endpoint.makesImages { return facts.media.madeImageTokens }
        if facts.endpoint.hearsSpeech { return facts.media.secondsHeardMost * TokenPolicy.writtenTokensPerSecond }
        if facts.endpoint == .audioSpeech { return facts.media.secondsSpokenMost * TokenPolicy.spokenTokensPerSecond }
        return 0
    }
}

extension MediaFacts {
    /// How much of a meter a request of an endpoint asks for: what is likely, or the most.
    package func units(of meter: Meter, at endpoint: Endpoint, answers: Int64, most: Bool) -> Int64 {
        if endpoint.makesImages { return answers }
        if endpoint.hearsSpeech { return most ? secondsHeardMost : secondsHeard }
        if Meter.characters.contains(meter) { return Int64(characters) }
        return most ? secondsSpokenMost : secondsSpoken
    }
}

/// Seconds of speech, rounded up: what is likely, and the most.
extension MediaFacts {
    package var secondsSpoken: Int64 { spoken(charactersPerSecond: TokenPolicy.charactersPerSecond) }
    package var secondsSpokenMost: Int64 { spoken(charactersPerSecond: TokenPolicy.charactersPerSecondLeast) }
    package var secondsHeard: Int64 { heard(bytesPerSecond: TokenPolicy.soundBytesPerSecond) }
    package var secondsHeardMost: Int64 { heard(bytesPerSecond: TokenPolicy.soundBytesPerSecondLeast) }

    /// The longest that a provider is believed to have heard: the slowest codec in use at its lowest rate.
    package var secondsBelievedMax: Int64 { 60 + heard(bytesPerSecond: TokenPolicy.soundBytesPerSecondLeast / 8) }

    private func spoken(charactersPerSecond rate: Int64) -> Int64 {
        let rate = rate * Int64(max(1, speed))
        return (Usage.sane(Int64(characters)) * 1000 + rate - 1) / rate
    }

    private func heard(bytesPerSecond rate: Int64) -> Int64 { (Int64(soundBytes) + rate - 1) / rate }
}
