internal import Spec

/// All that a snapshot knows, as tables that refer to each other by index.
///
/// A request walks integers; names and places are touched only where an answer needs them.
struct Graph: Sendable {
    var register = ResourceRegister()
    var zones: [Zone] = [.utc]
    var providers: [ProviderEntry] = []
    var models: [ModelEntry] = []
    var routes: [CompiledRoute] = []
    var orgs: [CompiledOrg] = []
    var members: [CompiledMember] = []
    var projects: [CompiledProject] = []
    var scopes: [CompiledScope] = []
    var keys: [CompiledKey] = []
    var bounds: [Bound] = []
    var budgetMarks: [BudgetMarks] = []
    /// Those that budgets are for.
    var tags: [Tag] = []
    var patterns = PatternTable()
    var origins = OriginTable()
    var secrets: [KeyDigest: CompiledSecret] = [:]
    var suspensions: [CompiledSuspension] = []
    /// Those that suspensions are by.
    var overrides: [OverrideMark] = []
    /// What the platform's model names lead to.
    var names: [String: NameMeaning] = [:]

    // Lists of indexes, which the ranges of the entries above cut.
    var boundLists: [Int32] = []
    var scopeLists: [Int32] = []
    var patternLists: [Int32] = []
    var networks: [CompiledNetwork] = []
    var originLists: [Int32] = []
}

/// What a client's model name leads to.
enum NameMeaning: Sendable {
    case entry(NameEntry)
    /// Several providers have a model of that bare name.
    case ambiguous
}

/// A name that patterns are matched against: a model, or a route behind all models.
struct NameEntry: Hashable, Sendable {
    var index: Int32
}

extension Graph {
    func isRoute(_ entry: NameEntry) -> Bool { Int(entry.index) >= models.count }

    func route(_ entry: NameEntry) -> CompiledRoute { routes[Int(entry.index) - models.count] }

    func entry(ofRoute index: Int) -> NameEntry { NameEntry(index: Int32(models.count + index)) }

    func name(of entry: NameEntry) -> String {
        isRoute(entry) ? route(entry).name : models[Int(entry.index)].qualifiedName
    }
}

struct CompiledOrg: Sendable {
    var name: String
    var uid: String
    /// The name of its plan, where it has one.
    var plan: String?
    /// Routes that the organization declares itself; they shadow the platform's.
    var routes: [String: NameEntry]
    /// Nil-like -1 where the organization is not declared.
    var resource: Int32
    /// Its own and its plan's: what all its keys may use.
    var rules: [CompiledRules] = []
    /// Of `patternLists`: labels that a model must have, every one of them.
    var residency: Range<Int32> = 0..<0
    var unknownPrice = UnknownPrice.standard
    /// What its keys may be told of rules, in place of what the repository says.
    var disclosure: Repository.Disclosure?
    /// Whether its answers wait until their usage is on the disk.
    var isStrict = false
}

/// What becomes of requests to models without a price.
enum UnknownPrice: Sendable {
    /// Refused where a budget in money applies, served elsewhere.
    case standard
    case allow
    case deny
    /// With the prices of this model.
    case pricedAs(Int32)
}

struct CompiledMember: Sendable {
    var resource: Int32
    var mayInvoke: Bool
}

struct CompiledProject: Sendable {
    var resource: Int32
    var rules: CompiledRules
}

struct CompiledScope: Sendable {
    var resource: Int32
    var endpoints: EndpointSet
    var rules: CompiledRules
}

struct CompiledKey: Sendable {
    var resource: Int32
    var org: Int32
    /// -1 where the owner is not declared.
    var owner: Int32
    /// -1 for a key outside of projects.
    var project: Int32
    /// Whether its project is one that its owner may own no keys of.
    var isForeignToProject: Bool
    /// Milliseconds; the largest number where it never does.
    var expires: Int64
    /// Whether its requests under way end with it.
    var cuts: Bool
    /// Of `suspensions`: the key's own and those of its organization, project and owner.
    var suspensions: Range<Int32>
    var rules: CompiledRules
    /// Fewer models than those, of a key that was minted with fewer than its pool allows.
    var narrowing: CompiledRules?
    /// Of `scopeLists`.
    var scopes: Range<Int32>
    var networks: CompiledNetworks
    /// Of `originLists`.
    var origins: Range<Int32>
    /// Of `boundLists`: every limit and budget that can apply to the key.
    var bounds: Range<Int32>
    /// The most tokens of a request; the largest number where nothing bounds them.
    var inputMax: Int64
    var outputMax: Int64
    /// An object of compact JSON, its members in the order of their names; made once here, not for each request.
    var tags: String
}

/// From where a key may be used, as ranges of `Graph.networks`.
struct CompiledNetworks: Sendable {
    /// Empty means anywhere.
    var allowed: Range<Int32>
    var denied: Range<Int32>
    /// What names the allowed ones: the key, or its organization for keys that name none.
    var allowing: RuleReference
}

struct CompiledSecret: Sendable {
    var key: Int32
    var ordinal: Int16
    var from: Int64
    var until: Int64
}

/// That a resource does not count for a time.
struct CompiledSuspension: Sendable {
    var resource: Int32
    /// Milliseconds; the largest number where it has no end.
    var until: Int64
    /// "the project is suspended: moved to another team"
    var message: String
    /// Of `overrides`; -1 for one that is declared.
    var override: Int32 = -1
}

struct CompiledRoute: Sendable {
    struct Target: Sendable {
        var model: Int32
        var weight: Int
    }

    var name: String
    var resource: Int32
    var strategy: RoutingPolicy.Strategy
    var targets: [Target]
    var fallback: [Int32]
    var retry: RoutingPolicy.Retry
    var breaker: RoutingPolicy.Breaker?
    /// Of `suspensions`; empty, or its own.
    var suspensions: Range<Int32>
}

struct EndpointSet: Hashable, Sendable {
    private var bits: UInt16 = 0

    mutating func insert(_ endpoint: Endpoint) { bits |= Self.bit(endpoint) }
    func contains(_ endpoint: Endpoint) -> Bool { bits & Self.bit(endpoint) != 0 }

    private static func bit(_ endpoint: Endpoint) -> UInt16 {
        switch endpoint {
        case .chatCompletions: 1
        case .completions: 2
        case .embeddings: 4
        case .models: 8
        case .inference: 16
        case .mlRoute: 32
        case .mlRouteBatch: 64
        case .moderations: 128
        case .imagesGenerations: 256
        case .imagesEdits: 512
        case .imagesVariations: 1024
        case .audioSpeech: 2048
        case .audioTranscriptions: 4096
        case .audioTranslations: 8192
        }
    }
}
