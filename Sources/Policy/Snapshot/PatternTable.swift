internal import Spec

/// Model patterns, each matched once against every model and route when a snapshot is compiled.
struct PatternTable: Sendable {
    private var indexes: [ModelPattern: Int32] = [:]
    private var patterns: [ModelPattern] = []
    private var words: [UInt64] = []
    private var wordsPerPattern = 0

    /// How many models and routes there are.
    init(entries: Int = 0) { wordsPerPattern = (entries + 63) / 64 }

    func index(of pattern: ModelPattern) -> Int32? { indexes[pattern] }

    /// Adds a pattern that is not in the table yet, with what it matches.
    mutating func add(_ pattern: ModelPattern, matching entries: [Int32]) -> Int32 {
        let index = Int32(patterns.count)
        indexes[pattern] = index
        patterns.append(pattern)
        let start = words.count
        words.append(contentsOf: repeatElement(0, count: wordsPerPattern))
        for entry in entries { words[start + Int(entry) / 64] |= 1 << UInt64(entry % 64) }
        return index
    }

    subscript(_ index: Int32) -> ModelPattern { patterns[Int(index)] }

    /// The models and routes that a pattern matches.
    func entries(matching pattern: Int32) -> [Int32] {
        (0..<Int32(wordsPerPattern * 64)).filter { matches(pattern, $0) }
    }

    func matches(_ pattern: Int32, _ entry: Int32) -> Bool {
        words[Int(pattern) * wordsPerPattern + Int(entry) / 64] & 1 << UInt64(entry % 64) != 0
    }
}

/// Allowed and denied patterns, as ranges of `Graph.patternLists`.
struct CompiledRules: Sendable {
    var resource: Int32
    var allow: Range<Int32>
    var deny: Range<Int32>
    /// Whether they stand under `each` of a pool.
    var areOfEach = false

    static let anything = CompiledRules(resource: -1, allow: 0..<0, deny: 0..<0)
}

extension Graph {
    /// Nil where the rules permit a model under the requested name, else the field that forbids it.
    func objection(of rules: CompiledRules, to model: Int32, as requested: NameEntry) -> RuleReference? {
        for (ordinal, slot) in rules.deny.enumerated() where isMatch(slot, model, requested) {
            let index = Int16(clamping: ordinal)
            return RuleReference(resource: rules.resource, field: rules.areOfEach ? .eachModelsDeny(index) : .modelsDeny(index))
        }
        return admits(rules, model, as: requested)
            ? nil : RuleReference(resource: rules.resource, field: rules.areOfEach ? .eachModelsAllow : .modelsAllow)
    }

    /// The organization's own rules and its plan's, and the labels that keep its data where it may be.
    func objection(ofOrganization org: Int32, to model: Int32, as requested: NameEntry) -> RuleReference? {
        for rules in orgs[Int(org)].rules {
            if let objection = objection(of: rules, to: model, as: requested) { return objection }
        }
        let isKept = orgs[Int(org)].residency.allSatisfy { patterns.matches(patternLists[Int($0)], model) }
        return isKept ? nil : RuleReference(resource: orgs[Int(org)].resource, field: .residency)
    }

    private func admits(_ rules: CompiledRules, _ model: Int32, as requested: NameEntry) -> Bool {
        rules.allow.isEmpty || rules.allow.contains { isMatch($0, model, requested) }
    }

    private func isMatch(_ slot: Int32, _ model: Int32, _ requested: NameEntry) -> Bool {
        let pattern = patternLists[Int(slot)]
        return patterns.matches(pattern, model) || patterns.matches(pattern, requested.index)
    }

    /// Denials of every scope that opens the endpoint count; one such scope that admits the model is enough.
    func objectionOfScopes(
        of key: CompiledKey, endpoint: Endpoint, to model: Int32, as requested: NameEntry
    ) -> RuleReference? {
        var missing: RuleReference?
        var isAdmitted = false
        for slot in key.scopes {
            let scope = scopes[Int(scopeLists[Int(slot)])]
            guard scope.endpoints.contains(endpoint) else { continue }
            switch objection(of: scope.rules, to: model, as: requested) {
            case nil: isAdmitted = true
            case let objection? where objection.field == .modelsAllow: missing = missing ?? objection
            case let denial?: return denial
            }
        }
        return isAdmitted ? nil : missing
    }
}
