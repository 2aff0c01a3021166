import Crypto

/// The configuration that most tests run under.
enum StandardConfiguration {
    static let keyPath = "orgs/acme/keys.yaml"

    static func files(openai: UInt16, groq: UInt16) -> [String: String] {
        [
            "providers.yaml": provider("openai", openai) + "---\n" + provider("groq", groq),
            "catalog.yaml": catalog, "scopes.yaml": scopes, "orgs/acme/org.yaml": org,
            keyPath: key(spec: "  limits: [1000 requests/min]\n"),
        ]
    }

    static func provider(_ name: String, _ port: UInt16, more: String = "") -> String {
        """
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: \(name) }
        spec:
          type: simulated
          baseURL: http://127.0.0.1:\(port)/v1
          privateNetwork: true
          timeouts: { connect: 1s, firstByte: 5s, idle: 5s }
        \(more)
        """
    }

    /// The key `main`, with more lines of its spec.
    static func key(spec: String, scopes: String = "[all]") -> String {
        """
        apiVersion: charter/v1
        kind: APIKey
        metadata: { name: main }
        spec:
          owner: sam
          scopes: \(scopes)
          secrets: [{ sha256: \(Platform.digest) }]
        \(spec)
        """
    }

    /// The secret of a key beside `main` that nothing bounds.
    static let freeSecret = "ck-free"

    /// The key `main` with more lines of its spec, and one without them.
    static func keys(spec: String) -> String {
        key(spec: spec) + """
            ---
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: free }
            spec: { owner: sam, scopes: [all], secrets: [{ sha256: \(SHA256.digest(freeSecret).hex) }] }
            """
    }

    static func route(_ targets: String, fallback: String = "[]", retry: String = "{ attempts: 2, on: [connect, timeout, 429, 5xx] }") -> String {
        """
        apiVersion: charter/v1
        kind: RoutingPolicy
        metadata: { name: assistant }
        spec:
          strategy: priority
          targets: [\(targets)]
          fallback: \(fallback)
          retry: \(retry)
        """
    }

    static let org = """
        apiVersion: charter/v1
        kind: Organization
        metadata: { name: acme }
        spec: { displayName: Acme }
        ---
        apiVersion: charter/v1
        kind: Member
        metadata: { name: sam }
        spec: { email: sam@acme.test, roles: [developer] }
        """

    static let scopes = """
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: all }
        spec:
          endpoints: [chat.completions, completions, embeddings, models, inference, ml.route, ml.route.batch, moderations,
            images.generations, images.edits, images.variations, audio.speech, audio.transcriptions, audio.translations]
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: embeddings }
        spec: { endpoints: [embeddings] }
        """

    static let catalog = catalogs(
        openai: """
            gpt-4o: { context: 128000, maxOutput: 1000, prices: { input: 2 USD/M, output: 10 USD/M } }
            gpt-4o-mini: { upstreamName: gpt-4o-mini-2024, context: 128000, maxOutput: 1000, prices: { input: 1 USD/M, output: 2 USD/M } }
            text-embedding-3-small: { mode: embedding, context: 8192, prices: { input: 0.02 USD/M } }
            """)

    /// With these models of `openai` beside the usual one of `groq`.
    static func catalogs(openai models: String) -> String {
        catalog(of: "openai", models: models) + "---\n" + catalog(of: "groq")
    }

    /// With one model unless more are given.
    static func catalog(
        of provider: String, models: String = "llama: { context: 128000, maxOutput: 1000, prices: { input: 1 USD/M, output: 1 USD/M } }"
    ) -> String {
        """
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: \(provider) }
        spec:
          provider: \(provider)
          models:
        \(models.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

        """
    }
}
