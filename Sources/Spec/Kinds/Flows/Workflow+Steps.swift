extension Workflow.Step: FieldSet {
    /// The fields of which a step has exactly one.
    private static let sorts = [
        "model", "http", "agent", "retrieve", "notify", "condition", "transform", "parallel", "delay",
    ]
    /// Which step the others belong to.
    private static let companions = [
        ("prompt", "model"), ("system", "model"), ("parameters", "model"), ("then", "condition"), ("else", "condition"),
    ]

    private static let fieldNames = Set(Fields.declared(by: Self.self).map(\.name))

    static func isField(_ name: String) -> Bool { fieldNames.contains(name) }

    init?(from fields: inout Fields) {
        let name = fields.required(
            "name", .text("a name", example: "summarize", pattern: Names.identifierPattern, Names.isIdentifier),
            "its name, used by `after` and by prompts", .informs)
        let work = StepWork(from: &fields)
        after = fields.value("after", .set(of: .written), default: [], "steps that must end first", .informs)
        join = fields.value("join", .choice, default: .all, shown: "all", "whether all steps of `after`, or one", .informs)
        output = fields.value(
            "output", .fieldTypes, default: [],
            "what its output holds, by name; of an http step, what the body does", .informs)
        timeout = fields.optional("timeout", .amount, "how long it may take", .informs)
        retry = fields.optional("retry", .fields, "what follows a failure", .informs)
        onError = fields.value(
            "onError", .choice, default: .fail, shown: "fail", "whether the run fails with it, or goes on without its output",
            .informs)
        for (field, owner) in Self.companions { fields.require(owner, beside: field, reports: false) }
        fields.require("prompt", beside: "model")
        guard let chosen = fields.exactlyOne(of: Self.sorts) else { return nil }
        for (field, owner) in Self.companions where owner != chosen && fields.isGiven(field) {
            fields.report(
                .alternativesMixed, at: fields.extent(of: field), "`\(field)` belongs to a step with `\(owner)`")
        }
        if !["model", "http", "agent"].contains(chosen), fields.isGiven("output") {
            fields.report(
                .alternativesMixed, at: fields.extent(of: "output"), "the output of a step with `\(chosen)` is known already",
                hint: "remove `output`")
        }
        guard let name, let work = work.work(chosen) else { return nil }
        self.name = name
        self.work = work
    }
}

/// Every sort of work that a step may give.
private struct StepWork {
    var model: String?
    var prompt: String?
    var system: String?
    var parameters: ModelParameters?
    var http: Workflow.HTTPCall?
    var agent: Workflow.AgentCall?
    var retrieve: Workflow.Retrieval?
    var notify: Workflow.Notice?
    var condition: String?
    var then: [String]
    var otherwise: [String]
    var transform: String?
    var parallel: ParallelFields?
    var delay: Duration?

    init(from fields: inout Fields) {
        model = fields.optional("model", .modelOrRoute, "the model to call, with `prompt`", .informs)
        prompt = fields.optional("prompt", .text, "a template over inputs and earlier steps", .informs)
        system = fields.optional("system", .text, "a template: what the model is told first", .informs)
        parameters = fields.optional("parameters", .fields, "how the model is asked", .informs)
        http = fields.optional("http", .fields, "the call of an address", .informs)
        agent = fields.optional("agent", .fields, "the run of an Agent", .informs)
        retrieve = fields.optional("retrieve", .fields, "the search of indexed documents", .informs)
        notify = fields.optional("notify", .fields, "a message to people or Webhooks", .informs)
        condition = fields.optional(
            "condition", .text, "an expression; without `then` and `else`, later steps run only when it holds", .informs)
        then = fields.value("then", .set(of: .written), default: [], "steps that begin when it holds", .informs)
        otherwise = fields.value("else", .set(of: .written), default: [], "steps that begin when it does not", .informs)
        transform = fields.optional("transform", .text, "an expression that makes a new value", .informs)
        parallel = fields.optional("parallel", .fields, "steps that run at the same time", .informs)
        delay = fields.optional("delay", .amount, "how long to wait", .informs)
    }

    func work(_ chosen: String) -> Workflow.Work? {
        switch chosen {
        case "model":
            guard let model, let prompt else { return nil }
            return .model(name: model, prompt: prompt, system: system, parameters: parameters)
        case "http": return http.map(Workflow.Work.http)
        case "agent": return agent.map(Workflow.Work.agent)
        case "retrieve": return retrieve.map(Workflow.Work.retrieve)
        case "notify": return notify.map(Workflow.Work.notify)
        case "condition": return condition.map { .condition($0, then: then, otherwise: otherwise) }
        case "transform": return transform.map(Workflow.Work.transform)
        case "parallel": return parallel.map { .parallel(branches: $0.branches, join: $0.join) }
        default: return delay.map(Workflow.Work.delay)
        }
    }
}

/// `parallel` of a step.
private struct ParallelFields: FieldSet {
    var branches: [String]
    var join: Workflow.Join

    init?(from fields: inout Fields) {
        let branches: [String]? = fields.required("branches", .set(of: .written), "the steps", .informs)
        join = fields.value("join", .choice, default: .all, shown: "all", "whether it ends when all have, or when one has", .informs)
        if let branches, branches.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "branches"), "there are no branches")
        }
        guard let branches else { return nil }
        self.branches = branches
    }
}

extension Workflow.Retry: FieldSet {
    init?(from fields: inout Fields) {
        attempts = fields.value(
            "attempts", .count(1...20), default: 3, shown: "3", "how often it is tried at most, the first time included", .informs)
        wait = fields.value("wait", .amount, default: .seconds(1), shown: "1s", "how long to wait before the second", .informs)
        backoff = fields.value(
            "backoff", .choice, default: .exponential, shown: "exponential", "whether each later wait is twice as long", .informs)
    }
}

extension ModelParameters: FieldSet {
    init?(from fields: inout Fields) {
        temperature = fields.optional("temperature", .thousandths(to: 2000), "how freely it chooses, from 0 to 2", .informs)
        topP = fields.optional("topP", .thousandths(to: 1000), "from what share of the likely words, from 0 to 1", .informs)
        maxTokens = fields.optional("maxTokens", .count(1...10_000_000), "the longest answer", .informs)
        seed = fields.optional("seed", .count(0...Int(Int32.max)), "for answers that repeat", .informs)
    }
}

extension Workflow.HTTPCall: FieldSet {
    init?(from fields: inout Fields) {
        method = fields.value("method", .choice, default: .post, shown: "POST", "the method", .informs)
        let url = fields.required("url", .text, "a template: https, or http with `privateNetwork`", .informs)
        headers = fields.value("headers", .headers, default: [:], "more headers, by name; the values are templates", .informs)
        body = fields.optional("body", .text, "a template", .informs)
        authorization = fields.optional("authorization", .fields, "where the header `authorization` is found", .informs)
        privateNetwork = fields.value(
            "privateNetwork", .boolean, default: false, shown: "false",
            "whether the address may be loopback, link-local or private", .informs)
        fields.checkReach(of: authorization, in: "authorization")
        if let url { HTTPAddress.check(url, privateNetwork: privateNetwork, fields) }
        guard let url else { return nil }
        self.url = url
    }
}

/// The part of a call's address that no template may change: the scheme and the host.
enum HTTPAddress {
    static func check(_ url: String, privateNetwork: Bool, _ fields: Fields) {
        let fixed = url.split(separator: "{{", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? url
        let isWhole = fixed.count == url.count
        let schemes = privateNetwork ? ["https://", "http://"] : ["https://"]
        if fixed.hasPrefix("http://"), !privateNetwork {
            fields.report(
                .valueInvalid, at: fields.extent(of: "url"), "an address outside the private network must use https",
                hint: "write `https://…`, or add `privateNetwork: true`")
        } else if !WebAddress.isPlain(fixed, schemes: schemes, query: true)
            || !isWhole && !hasWholeHost(fixed)
        {
            fields.report(
                .valueInvalid, at: fields.extent(of: "url"), "the address does not begin with a scheme and a whole host",
                hint: "write it like `https://api.acme.example/tickets/{{ inputs.id }}`")
        } else if let node = fields.node(of: "url") {
            fields.reading.checkHost(of: fixed, in: node)
            fields.checkReach(of: fixed, in: "url", privateNetwork: privateNetwork)
        }
    }

    private static func hasWholeHost(_ fixed: String) -> Bool {
        fixed.split(separator: "/", omittingEmptySubsequences: false).count > 3
    }
}

extension Workflow.AgentCall: FieldSet {
    init?(from fields: inout Fields) {
        let name = fields.required("name", .name(of: .agent), "the Agent", .informs)
        input = fields.value("input", .arguments, default: [], "templates, by the names of its inputs", .informs)
        guard let name else { return nil }
        self.name = name
    }
}

extension Shape where Value == [Workflow.Argument] {
    static var arguments: Shape<[Workflow.Argument]> {
        Shape<[Named<String>]>.map(
            key: "the name of an input", pattern: Names.identifierPattern, Names.isIdentifier, hint: "use letters, digits and `_`", of: { _ in .written }
        ).map { $0.map { Workflow.Argument(name: $0.name, value: $0.value) } }
    }
}

extension Workflow.Retrieval: FieldSet {
    init?(from fields: inout Fields) {
        let index = fields.required(
            "index", .text("the name of an index", example: "handbook", pattern: Names.resourcePattern, Names.isResourceName), "the index of documents", .informs)
        let query = fields.required("query", .text, "a template: what is looked for", .informs)
        topK = fields.value("topK", .count(1...1000), default: 5, shown: "5", "how many passages at most", .informs)
        guard let index, let query else { return nil }
        self.index = index
        self.query = query
    }
}

extension Workflow.Notice: FieldSet {
    init?(from fields: inout Fields) {
        webhooks = fields.value("webhooks", .set(of: .name(of: .webhook)), default: [], "Webhooks", .informs)
        emails = fields.value("emails", .set(of: .email), default: [], "addresses", .informs)
        let message = fields.required("message", .text, "a template", .informs)
        _ = fields.atLeastOne(of: ["webhooks", "emails"])
        guard let message else { return nil }
        self.message = message
    }
}
