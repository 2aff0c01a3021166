internal import Policy
internal import Spec

/// What the gateway wrote down when it decided, as the ledger keeps it; a value.
struct DecisionRecord {
    /// What was taken of a limit or budget.
    struct Hold {
        /// `path:line`, or `override/ID`.
        var rule: String
        var bound: String
        var asked: Int64
        /// Behind this request.
        var remaining: Int64
    }

    /// A model behind the name that was asked for.
    struct Considered {
        var model: String
        var verdict: String
        /// What denied it, as `path:line`, or `override/ID`.
        var rule: String?
    }

    let json: String
    /// Position of the secret among those of the key, from 0.
    let secret: Int64?
    /// The place of the scope that opened the endpoint.
    let scope: String?
    let holds: [Hold]
    let considered: [Considered]
    let unhealthy: [String]
    /// How attempts ended, the first one first, as far as this record goes.
    let outcomes: [String]

    /// Nil where nothing is left of it.
    init?(_ json: String) {
        guard let record = RecordedValue(json), record["outcome"] != nil else { return nil }
        self.json = json
        secret = record["secret"]?.number
        scope = record["scope"]?.text
        holds = (record["holds"]?.elements ?? []).compactMap(Hold.init)
        considered = (record["targets"]?.elements ?? []).compactMap(Considered.init)
        unhealthy = (record["unhealthy"]?.elements ?? []).compactMap(\.text)
        outcomes = (record["attempts"]?.elements ?? []).map { $0["outcome"]?.text ?? "" }
    }

    /// The overrides that stood in place of declared rules, by their ids.
    var overrides: Set<String> {
        Set((holds.map(\.rule) + considered.compactMap(\.rule)).compactMap(Self.override))
    }

    /// The id of the override that a rule names in place of a file.
    static func override(_ rule: String) -> String? {
        rule.hasPrefix(overridePrefix) ? String(rule.dropFirst(overridePrefix.count)) : nil
    }

    private static let overridePrefix = OverrideMark.path(of: "")
}

extension DecisionRecord.Hold {
    fileprivate init?(_ value: RecordedValue) {
        guard let rule = value["rule"]?.text, let bound = value["bound"]?.text else { return nil }
        self.init(rule: rule, bound: bound, asked: value["asked"]?.number ?? 0, remaining: value["remaining"]?.number ?? 0)
    }
}

extension DecisionRecord.Considered {
    fileprivate init?(_ value: RecordedValue) {
        guard let model = value["model"]?.text, let verdict = value["verdict"]?.text else { return nil }
        self.init(model: model, verdict: verdict, rule: value["rule"]?.text)
    }
}
