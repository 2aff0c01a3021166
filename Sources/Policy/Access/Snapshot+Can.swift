package import Spec

extension Snapshot {
    /// The set of models that could serve a key's request for a name at an endpoint, or what forbids it; asks neither
    /// for the time nor for the address.
    ///
    /// Nil where the organization has no such key.
    package func can(
        key name: String, of org: String, use model: String, at endpoint: Endpoint
    ) -> Result<[ModelEntry], Refusal>? {
        graph.keys.indices.first { index in
            let key = graph.register.entries[Int(graph.keys[index].resource)].key
            return key.name == name && key.org == org
        }.map { can(keyAt: $0, use: model, at: endpoint) }
    }

    func can(keyAt index: Int, use model: String, at endpoint: Endpoint) -> Result<[ModelEntry], Refusal> {
        let secret = CompiledSecret(key: Int32(index), ordinal: 0, from: .min, until: .max)
        let caller = Caller(
            snapshot: self, digest: KeyDigest(lanes: (0, 0, 0, 0)), now: Instant(milliseconds: 0),
            key: Int32(index), secret: secret)
        return authorizeAnywhere(caller, RequestFacts(endpoint: endpoint, model: model)).map(\.models)
    }
}
