extension Explanation {
    /// What the checks within the kinds of models, keys, money and routes say.
    static let kinds = [
        Explanation(
            .wordNearlyKnown,
            cause: "A word of an open set, such as a capability or a meter, is nearly one that Charter knows.",
            remedy: "Correct it, or keep it if it is meant."),
        Explanation(
            .sizeBeyondContext,
            cause: "`maxInput` or `maxOutput` of a model is more than its `context`, which counts both together.",
            remedy: "Correct one of them."),
        Explanation(
            .priceStepsUnordered,
            cause: "The steps of a price do not rise.",
            remedy: "Order `above` by `input`, each larger than the one before."),
    ]
}
