/// LiteLLM's `model_prices_and_context_window.json`: an object of entries by the model's name.
enum LiteLLMTable {
    static func read(_ table: Node) -> [ImportedEntry] {
        table.members.map { entry in
            guard entry.key != "sample_spec" else { return ImportedEntry(entry.key, entry.value, left: .notAModel) }
            guard let provider = entry.value.member("litellm_provider")?.string else {
                return ImportedEntry(entry.key, entry.value, left: .noProvider)
            }
            return read(entry, of: provider)
        }
    }

    private static func read(_ entry: Node.Entry, of provider: String) -> ImportedEntry {
        guard Names.isResourceName(provider) else { return ImportedEntry(entry.key, entry.value, left: .noProvider) }
        let upstream = nameWithoutProvider(entry.key, provider)
        guard upstream.unicodeScalars.allSatisfy(\.isPrintable), let name = ForeignText.modelName(upstream) else {
            return ImportedEntry(entry.key, entry.value, left: .unusableName)
        }
        var reading = LiteLLMEntry(entry.key, entry.value, provider: provider, name: name).reading
        if name != upstream {
            reading.model.upstreamName = upstream
            reading.notice("", .renamed, name)
        }
        if isVariant(upstream) { reading.notice("", .variant) }
        return ImportedEntry(reading)
    }

    /// Keys such as `gemini/gemini-2.5-pro` begin with the name of the route, which is the provider's or begins it:
    /// `vertex_ai/claude-opus-4-7` is of `vertex_ai-anthropic_models`. Charter puts the provider there itself.
    static func nameWithoutProvider(_ key: String, _ provider: String) -> String {
        guard let slash = key.firstIndex(of: "/") else { return key }
        let (route, provider) = (ForeignText.kebab(String(key[..<slash])), ForeignText.kebab(provider))
        guard provider == route || provider.hasPrefix(route + "-") else { return key }
        let rest = String(key[key.index(after: slash)...])
        return rest.isEmpty ? key : rest
    }

    /// `1024-x-1024/50-steps/…`, `high/…`: prices of sizes and qualities, kept as entries of their own.
    private static func isVariant(_ name: String) -> Bool {
        guard let first = name.split(separator: "/").first, first.count < name.count else { return false }
        return first.contains("-x-") || ["low", "medium", "high", "standard", "hd", "auto", "*"].contains(first)
    }
}
