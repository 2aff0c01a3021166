import Policy
import Spec

/// A small platform in YAML, compiled as a gateway would: with uids, a commit and an author.
struct World {
    static let commit = "4f2a9c1"
    static let author = "Sam Doe <sam@acme.example>"
    static let start = Instant(milliseconds: 1_790_000_000_000)

    /// The digest that opens `checkout`: 32 bytes of 0x11.
    static let secret = [UInt8](repeating: 0x11, count: 32)

    var files: [String: String] = [
        "platform.yaml": World.platform,
        "orgs/acme/org.yaml": World.acme,
    ]

    /// With the spec of the one key, two spaces deep, and more files.
    init(key: String = "", files more: [String: String] = [:]) {
        files["orgs/acme/key.yaml"] = World.key(key)
        files.merge(more) { $1 }
    }

    var declarations: Declarations {
        Specification.load(files.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
    }

    func resources() throws -> [GovernedResource] {
        let declarations = declarations
        guard !declarations.hasErrors else { throw Broken(diagnostics: declarations.diagnostics) }
        return declarations.resources.values.sorted { $0.key < $1.key }.map { resource in
            GovernedResource(
                uid: "uid:" + resource.key.description, resource: resource,
                provenance: ResourceProvenance(
                    path: resource.place?.path ?? "", document: resource.place?.position ?? Position(line: 1, column: 1),
                    spans: resource.spans, commit: World.commit, author: World.author))
        }
    }

    func compile(revision: Int64 = 1) throws -> (snapshot: Snapshot, diagnostics: [Diagnostic]) {
        Snapshot.compile(
            try resources(), revision: RevisionIdentity(id: revision, commit: World.commit, stateDigest: "digest"))
    }

    func snapshot(revision: Int64 = 1) throws -> Snapshot { try compile(revision: revision).snapshot }

    struct Broken: Error { let diagnostics: [Diagnostic] }

    static func digest(_ byte: UInt8 = 0x11) -> KeyDigest {
        let lane = UInt64(byte) &* 0x0101_0101_0101_0101
        return KeyDigest(lanes: (lane, lane, lane, lane))
    }

    /// Lines count from `apiVersion`, which is the first.
    static func key(_ spec: String, name: String = "checkout", secret: UInt8 = 0x11) -> String {
        """
        apiVersion: charter/v1
        kind: APIKey
        metadata: { name: \(name) }
        spec:
          owner: sam
          scopes: [chat]
          secrets: [{ sha256: \(String(repeating: hexadecimal(secret), count: 32)) }]
        \(spec)

        """
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    static let acme = """
        apiVersion: charter/v1
        kind: Organization
        metadata: { name: acme }
        spec: {}
        ---
        apiVersion: charter/v1
        kind: Member
        metadata: { name: sam }
        spec: { email: sam@acme.example, roles: [developer] }
        ---
        apiVersion: charter/v1
        kind: Member
        metadata: { name: eve }
        spec: { email: eve@acme.example, roles: [viewer] }
        """

    static let platform = """
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: openai }
        spec: { type: openai, baseURL: "https://api.openai.com/v1", credential: { env: OPENAI_API_KEY } }
        ---
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: vllm }
        spec: { type: vllm, baseURL: "http://10.0.0.9:8000/v1", privateNetwork: true }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: openai }
        spec:
          provider: openai
          models:
            gpt-4o: { context: 128k, maxOutput: 16384, labels: { eu: "false" }, prices: { input: 2.50 USD/M, output: 10.00 USD/M, cacheRead: 1.25 USD/M } }
            gpt-4o-mini: { context: 1000, maxOutput: 500, prices: { input: 0.15 USD/M, output: 0.60 USD/M } }
            o3-pro: { prices: { input: 20 USD/M, output: 80 USD/M } }
            shared: { prices: { input: 1 USD/M, output: 1 USD/M } }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: vllm }
        spec:
          provider: vllm
          models:
            llama: { context: 8000, labels: { eu: "true" }, prices: { input: 0.10 USD/M, output: 0.10 USD/M } }
            free: { context: 8000 }
            shared: { prices: { input: 1 USD/M, output: 1 USD/M } }
        ---
        apiVersion: charter/v1
        kind: RoutingPolicy
        metadata: { name: assistant }
        spec:
          targets: [{ model: openai/gpt-4o, weight: 80 }, { model: vllm/llama, weight: 20 }]
          fallback: [openai/o3-pro]
          retry: { attempts: 3, on: [connect, 5xx] }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: chat }
        spec: { endpoints: [chat.completions, models] }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: embeddings }
        spec: { endpoints: [embeddings] }
        """
}

extension Snapshot {
    /// Authenticates the world's key.
    func caller(_ byte: UInt8 = 0x11, now: Instant = World.start) throws -> Caller {
        try authenticate(World.digest(byte), now: now).get()
    }

    func admit(_ facts: RequestFacts, key byte: UInt8 = 0x11, now: Instant = World.start) -> Result<Claim, Refusal> {
        authenticate(World.digest(byte), now: now).flatMap { authorize($0, facts) }.flatMap { grant in
            claim(grant, facts, now: now)
        }
    }
}

extension RequestFacts {
    static func chat(_ model: String = "openai/gpt-4o", bytes: Int = 400, maxOutput: Int64? = 100) -> RequestFacts {
        RequestFacts(endpoint: .chatCompletions, model: model, inputBytes: bytes, maxOutput: maxOutput)
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
    var success: Success? {
        if case .success(let success) = self { success } else { nil }
    }
}

extension Instant {
    func adding(milliseconds more: Int64) -> Instant { Instant(milliseconds: milliseconds + more) }
    func adding(seconds: Int64) -> Instant { adding(milliseconds: seconds * 1_000) }
}

/// SplitMix64, so that every run of a property test is the same.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
