/// An attempt admitted: with its terms, everything needed to book its usage.
package struct OpenedRecord: Hashable, Sendable {
    package var id: AttemptID
    /// Milliseconds since 1970, UTC.
    package var at: Int64
    package var terms: AttemptTerms
    package var isStream: Bool
    /// Tokens.
    package var inputEstimate: Int64
    /// The most tokens of output that the attempt may produce.
    package var outputHold: Int64
    /// Nano-USD held until the attempt settles.
    package var costHold: Int64
    /// What is counted beside tokens and has a price: images of a chat, else what the terms' endpoint makes or hears.
    package var images: Int64
    /// The class of service that was asked for, where the prices know it.
    package var tier: String?

    package init(
        id: AttemptID, at: Int64, terms: AttemptTerms, isStream: Bool, inputEstimate: Int64, outputHold: Int64, costHold: Int64,
        images: Int64 = 0, tier: String? = nil
    ) {
        self.id = id
        self.at = at
        self.terms = terms
        self.isStream = isStream
        self.inputEstimate = inputEstimate
        self.outputHold = outputHold
        self.costHold = costHold
        self.images = images
        self.tier = tier
    }

    /// Throws when the segment has not named the terms before.
    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let decision = try decoder.decision()
        id = AttemptID(decision: decision, attempt: try decoder.byte())
        at = try decoder.signed()
        terms = try decoder.terms(Int64(bitPattern: try decoder.unsigned()))
        isStream = try decoder.bool()
        inputEstimate = try decoder.signed()
        outputHold = try decoder.signed()
        costHold = try decoder.signed()
        // Until version 6 images and classes of service had no prices.
        images = decoder.version >= 6 ? try decoder.signed() : 0
        tier = decoder.version >= 6 ? try decoder.optionalString() : nil
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(id.decision)
        encoder.put(byte: id.attempt)
        encoder.put(at)
        encoder.put(UInt64(bitPattern: terms.number))
        encoder.put(isStream)
        encoder.put(inputEstimate)
        encoder.put(outputHold)
        encoder.put(costHold)
        encoder.put(images)
        encoder.put(tier)
    }
}
