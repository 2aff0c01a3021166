extension Explanation {
    /// Found in the compiled policy: CH3000 to CH3999.
    static let compiledPolicy: [Explanation] = [
        Explanation(
            .keyTestFailed,
            cause: "A test that stands beside a key is not fulfilled.",
            remedy: "Change the rule it names, or the expectation."),
    ]
}
