internal import Spec

extension Snapshot {
    /// A request that names no pages comes from outside of a browser, or asks nothing of another site.
    func objectionOfOrigins(_ key: CompiledKey, _ facts: RequestFacts) -> Refusal? {
        guard let origin = facts.origin else { return nil }
        let declared = graph.originLists[Int(key.origins.lowerBound)..<Int(key.origins.upperBound)]
        guard !graph.origins.matches(origin, among: declared) else { return nil }
        let shown = origin.text.utf8.count > Self.originShownMax ? "this origin" : "`\(origin.text)`"
        return Refusal(
            .originDenied, "the API key may not be sent by pages of \(shown)",
            rule: rule(RuleReference(resource: key.resource, field: .origins)))
    }

    /// Longest origin repeated in a message; names of hosts have at most 253 bytes.
    private static let originShownMax = 300

    /// Whether pages may read answers at all: some key that a secret opens declares them. It counts outside of its time and
    /// while it is suspended too, so that its pages can read why they are refused.
    package func mayAnswerBeRead(by origin: WebOrigin) -> Bool { graph.origins.matches(origin) }
}
