/// A Provider as far as a table tells of it: for a person to finish.
enum ProviderStub {
    static func file(for provider: ImportedProvider, _ origin: ImportOrigin) -> ImportedFile {
        let addresses = [provider.baseURL, wellKnown[provider.name]?.url].compactMap { $0 }
        // Addresses in tables may have holes for a person to fill, and names of variables be none of a shell.
        let variables = [provider.environment ?? wellKnown[provider.name]?.environment, nil]
        let candidates = (addresses + [nil]).flatMap { address in
            variables.map { Self.text(of: provider, at: address, keyIn: $0, origin) }
        }
        let path = provider.name + ".yaml"
        let valid = candidates.first { ParsedFile(SourceFile(path: path, bytes: Array($0.utf8))).isWithoutErrors }
        return ImportedFile(path: path, text: valid ?? candidates[candidates.count - 1])
    }

    private static func text(
        of provider: ImportedProvider, at address: String?, keyIn variable: String?, _ origin: ImportOrigin
    ) -> String {
        var lines = [
            "# Written by `charter import \(origin.format.rawValue)`: check the address, and where the gateway finds the key."
        ]
        if let documentation = provider.documentation, documentation.unicodeScalars.allSatisfy(\.isPrintable) {
            lines.append("# \(documentation)")
        }
        lines += ["apiVersion: charter/v1", "kind: Provider"]
        lines += ["metadata: { name: \(CatalogText.text(provider.name)) }", "spec:"]
        lines.append("  type: \(dialect(of: provider))")
        if address == nil {
            let told =
                provider.baseURL.map { "The table says \($0.printable)." } ?? "The table does not say where it is."
            lines.append("  # \(told) Nothing under `.invalid` can be reached (RFC 2606).")
        }
        lines.append("  baseURL: \(CatalogText.url(address ?? unreachableAddress(for: provider.name)))")
        if let variable, !variable.isEmpty {
            lines.append("  credential: { env: \(CatalogText.text(variable)) }")
        }
        if ["http://127.", "http://localhost"].contains(where: { address?.hasPrefix($0) ?? false }) {
            lines.append("  privateNetwork: true")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func unreachableAddress(for name: String) -> String {
        let host = ForeignText.kebab(name)
        return "https://\(host.isEmpty ? "provider" : host).invalid/v1"
    }

    /// The provider's own, unless the address known here takes OpenAI's while gateways do not speak its own.
    private static func dialect(of provider: ImportedProvider) -> String {
        let own = Provider.Dialect(rawValue: provider.dialect ?? provider.name) ?? .generic
        return own.isSpoken || wellKnown[provider.name] == nil ? own.rawValue : Provider.Dialect.generic.rawValue
    }

    /// Public addresses of endpoints in OpenAI's dialect, and the variables that their keys are usually kept in.
    private static let wellKnown: [String: (url: String, environment: String)] = [
        "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
        "anthropic": ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
        "cerebras": ("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
        "deepinfra": ("https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
        "deepseek": ("https://api.deepseek.com", "DEEPSEEK_API_KEY"),
        "fireworks_ai": ("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        "gemini": ("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
        "google": ("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
        "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
        "moonshot": ("https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
        "novita": ("https://api.novita.ai/openai", "NOVITA_API_KEY"),
        "ollama": ("http://localhost:11434/v1", ""),
        "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        "perplexity": ("https://api.perplexity.ai", "PERPLEXITY_API_KEY"),
        "sambanova": ("https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"),
        "together_ai": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
        "togetherai": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
        "xai": ("https://api.x.ai/v1", "XAI_API_KEY"),
    ]
}

extension ParsedFile {
    fileprivate var isWithoutErrors: Bool { !diagnostics.contains { $0.severity == .error } }
}
