/// The tables of models.dev: `api.json`, an object of providers with their models, and `catalog.json`, which has that
/// object under `providers` beside the facts of models without a provider.
enum ModelsDevTable {
    static func read(_ table: Node) -> (entries: [ImportedEntry], providers: [ImportedProvider]) {
        let providers = providers(of: table)
        let entries = providers.flatMap(entries) + (table.member("providers") == nil ? [] : bareModels(of: table))
        return (entries, providers.filter { Names.isResourceName($0.key) }.map(provider))
    }

    /// Whether it can be one of these tables; `models.json` has neither providers nor prices.
    static func isTable(_ table: Node) -> Bool {
        let providers = providers(of: table)
        return !providers.isEmpty && providers.allSatisfy { $0.value.member("models") != nil }
    }

    private static func providers(of table: Node) -> [Node.Entry] { (table.member("providers") ?? table).members }

    private static func entries(of provider: Node.Entry) -> [ImportedEntry] {
        (provider.value.member("models")?.members ?? []).map { entry in
            let key = provider.key + "/" + entry.key
            guard Names.isResourceName(provider.key) else { return ImportedEntry(key, entry.value, left: .noProvider) }
            let upstream = entry.value.member("id")?.string ?? entry.key
            guard upstream.unicodeScalars.allSatisfy(\.isPrintable), let name = ForeignText.modelName(entry.key) else {
                return ImportedEntry(key, entry.value, left: .unusableName)
            }
            var reading = ModelsDevEntry(key, entry.value, provider: provider.key, name: name).reading
            reading.model.upstreamName = upstream == name ? nil : upstream
            if name != entry.key { reading.notice("", .renamed, name) }
            return ImportedEntry(reading)
        }
    }

    /// What `catalog.json` says of models apart from who serves them.
    private static func bareModels(of table: Node) -> [ImportedEntry] {
        (table.member("models")?.members ?? []).map { ImportedEntry("models/" + $0.key, $0.value, left: .noProvider) }
    }

    private static func provider(_ entry: Node.Entry) -> ImportedProvider {
        let variables = entry.value.member("env").flatMap { node in
            if case .sequence(let items) = node.content { items.compactMap(\.string) } else { nil }
        }
        // Others are parts of an address.
        let secret = variables?.first { name in ["KEY", "TOKEN", "PAT"].contains { name.hasSuffix($0) } }
        return ImportedProvider(
            name: entry.key, baseURL: entry.value.member("api")?.string, environment: secret,
            dialect: entry.value.member("npm")?.string.flatMap { dialects[$0] },
            documentation: entry.value.member("doc")?.string)
    }

    /// Dialects by the package of the AI SDK that speaks them.
    private static let dialects = [
        "@ai-sdk/openai": "openai", "@ai-sdk/anthropic": "anthropic", "@ai-sdk/azure": "azure-openai",
        "@ai-sdk/google": "gemini", "@ai-sdk/mistral": "mistral",
    ]
}
