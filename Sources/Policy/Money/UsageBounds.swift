/// The most that an answer can have used. What a provider tells beyond it is a slip, and is not believed: one such number
/// would close every budget that it falls under.
package struct UsageBounds: Hashable, Sendable {
    /// Tokens.
    package var input: Int64
    package var output: Int64

    /// Of a model of which nothing is known, asked for one answer.
    package static let widest = UsageBounds(input: tokensMax, output: tokensMax)

    private init(input: Int64, output: Int64) {
        self.input = input
        self.output = output
    }

    /// `inputs` prompts, each with so many choices.
    package init(_ model: ModelEntry, inputs: Int, choices: Int) {
        let inputs = max(1, min(Int64(inputs), RequestFacts.inputsMax))
        let answers = inputs * max(1, min(Int64(choices), RequestFacts.choicesMax))
        let context = min(Usage.sane(model.context ?? Self.tokensMax) * Self.margin, Self.tokensMax)
        let output = min(Usage.sane(model.maxOutput ?? Self.tokensMax) * Self.margin, context)
        self.init(input: context * inputs, output: output * answers)
    }

    /// Of an answer of which so many tokens or bytes were seen, whatever was to be expected: no token is shorter than a byte.
    package func widened(toOutput seen: Int64) -> UsageBounds {
        UsageBounds(input: input, output: max(output, min(seen, Self.tokensMax)))
    }

    /// Beyond the largest context in use, of ten million tokens.
    private static let tokensMax: Int64 = 1 << 24
    /// How far a catalog may be behind what its provider has come to serve.
    private static let margin: Int64 = 4
}
