extension Workflow: FieldSet {
    /// What is sure before each step is known for every step, so the work grows with the square.
    static let stepsMax = 200

    init?(from fields: inout Fields) {
        fields.reading.markUnenforced(.workflow)
        description = fields.optional("description", .text, "what the workflow is for", .informs)
        let trigger: Trigger? = fields.required("trigger", .fields, "what starts it: exactly one of its fields", .informs)
        inputs = fields.value("inputs", .inputs, default: [], "values given at the start, by name", .informs)
        let drafts = StepDrafts()
        let steps: [Step]? = fields.required("steps", .list(of: drafts.shape), "the work, in steps", .informs)
        outputs = fields.value("outputs", .outputs, default: [], "what a run gives at its end, by name", .informs)
        timeout = fields.optional("timeout", .amount, "how long a run may take", .informs)
        concurrency = fields.optional("concurrency", .count(1...10_000), "how many runs there may be at a time", .informs)
        budget = fields.optional("budget", .amount, "what one run may cost", .informs)
        drafts.gather(from: fields)
        // What stands in place of something mistaken, which was reported, lets the rest be checked, here and in the graph.
        self.trigger = trigger ?? .manual
        self.steps = drafts.areNamed ? drafts.steps : steps ?? []
        let count = fields.items(of: "steps").count
        if count > Workflow.stepsMax {
            fields.report(
                .valueInvalid, at: fields.extent(of: "steps"),
                "the workflow has \(count) steps, \(Workflow.stepsMax) are allowed", hint: "make two workflows of it")
        } else {
            WorkflowCheck(self, drafts, fields).run()
        }
    }
}

extension Workflow.Trigger: FieldSet {
    init?(from fields: inout Fields) {
        let manual: NoFields? = fields.optional("manual", .fields, "`{}`: somebody starts it", .informs)
        let schedule = fields.optional(
            "schedule", .text("a cron expression of five fields", example: "0 6 * * 1-5", pattern: Cron.pattern, Cron.isExpression),
            "when it starts", .informs)
        let zone = fields.value(
            "zone", .zone, default: Zones.standard, shown: Zones.standard,
            "the IANA zone whose clock `schedule` means", .informs)
        let webhook = fields.optional(
            "webhook", .text("a path", example: "/hooks/tickets", pattern: #"/[\s\S]*"#) { $0.hasPrefix("/") }, "the path whose call starts it", .informs)
        let event: Webhook.Event? = fields.optional("event", .choice, "the event that starts it", .informs)
        fields.require("schedule", beside: "zone", reports: false)
        if fields.isGiven("zone"), !fields.isGiven("schedule") {
            fields.report(.alternativesMixed, at: fields.extent(of: "zone"), "`zone` belongs to `schedule`")
        }
        guard fields.exactlyOne(of: ["manual", "schedule", "webhook", "event"]) != nil else { return nil }
        if let schedule {
            self = .schedule(schedule, zone: zone)
        } else if let webhook {
            self = .webhook(webhook)
        } else if let event {
            self = .event(event)
        } else if manual != nil {
            self = .manual
        } else {
            return nil
        }
    }
}

/// The five fields of crontab(5).
enum Cron {
    private static let bounds = [0...59, 0...23, 1...31, 1...12, 0...7]

    /// As `isExpression`; leaves open whether a range rises.
    static let pattern: String = {
        let numbers = [
            ("[1-5]?[0-9]", "[1-9]|[1-5][0-9]"), ("1?[0-9]|2[0-3]", "[1-9]|1[0-9]|2[0-3]"),
            ("[1-9]|[12][0-9]|3[01]", "[1-9]|[12][0-9]|3[01]"), ("[1-9]|1[0-2]", "[1-9]|1[0-2]"), ("[0-7]", "[1-7]"),
        ]
        let fields = numbers.map { number, step in
            let part = "(?:\\*|0*(?:\(number))(?:-0*(?:\(number)))?)(?:/0*(?:\(step)))?"
            return "\(part)(?:,\(part))*"
        }
        return " *\(fields.joined(separator: " +")) *"
    }()

    static func isExpression(_ text: String) -> Bool {
        let fields = text.split(separator: " ")
        return fields.count == bounds.count && zip(fields, bounds).allSatisfy { isField($0, $1) }
    }

    /// Parts between commas: `*`, a number or a range, each with a step.
    private static func isField(_ field: Substring, _ bounds: ClosedRange<Int>) -> Bool {
        field.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2, halves.count == 1 || number(halves[1], 1...bounds.upperBound) != nil else { return false }
            if halves[0] == "*" { return true }
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0, bounds) }
            if ends.count == 1 { return ends[0] != nil }
            guard ends.count == 2, let low = ends[0], let high = ends[1] else { return false }
            return low <= high
        }
    }

    private static func number(_ text: Substring, _ bounds: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
}

/// A mapping that may only be empty.
struct NoFields: FieldSet {
    init?(from fields: inout Fields) {}
}

extension Shape where Value == [Workflow.Input] {
    /// Typed values by name.
    static var inputs: Shape<[Workflow.Input]> {
        Shape<[Named<InputFields>]>.map(
            key: "the name of an input", pattern: Names.identifierPattern, Names.isIdentifier, hint: "use letters, digits and `_`", of: { _ in .fields }
        ).map { $0.map { Workflow.Input(name: $0.name, $0.value) } }
    }
}

extension Shape where Value == [Workflow.Output] {
    fileprivate static var outputs: Shape<[Workflow.Output]> {
        Shape<[Named<OutputFields>]>.map(
            key: "the name of an output", pattern: Names.identifierPattern, Names.isIdentifier, hint: "use letters, digits and `_`", of: { _ in .fields }
        ).map { $0.map { Workflow.Output(name: $0.name, type: $0.value.type, value: $0.value.value) } }
    }
}

extension Shape where Value == [Workflow.Field] {
    /// `{ label: string, tags: array of string }`.
    static var fieldTypes: Shape<[Workflow.Field]> {
        Shape<[Named<Workflow.FieldType>]>.map(
            key: "the name of a field", pattern: Names.identifierPattern, Names.isIdentifier, hint: "use letters, digits and `_`", of: { _ in .amount }
        ).map { $0.map { Workflow.Field(name: $0.name, type: $0.value) } }
    }
}

/// An input of a workflow without its name.
struct InputFields: FieldSet, Equatable {
    var type: Workflow.Input.ValueType
    var required: Bool
    var description: String?
    var initial: String?
    var choices: [String]
    var fields: [Workflow.Field]
    var items: Workflow.FieldType?

    init?(from fields: inout Fields) {
        type = fields.value("type", .choice, default: .string, shown: "string", "what it holds", .informs)
        required = fields.value("required", .boolean, default: false, shown: "false", "whether it must be given", .informs)
        description = fields.optional("description", .text, "what to give", .informs)
        let given: InputDefault? = fields.optional("default", .inputDefault, "what it holds when it is not given", .informs)
        initial = given?.text
        choices = fields.value(
            "enum", .set(of: .written), default: [], "the only values, where it is text", .informs)
        self.fields = fields.value("fields", .fieldTypes, default: [], "of an object: its members", .informs)
        items = fields.optional("items", .amount, "of an array: what each item is", .informs)
        for (name, wanted) in Self.places {
            let isStandard = wanted == .string
            fields.state(name, .only, where: "type", is: [wanted.rawValue], orMissing: isStandard)
        }
        check(given, fields)
    }

    /// Which type the others belong to.
    private static let places: [(name: String, type: Workflow.Input.ValueType)] = [
        ("enum", .string), ("fields", .object), ("items", .array),
    ]

    private func check(_ given: InputDefault?, _ fields: Fields) {
        for (name, wanted) in Self.places where fields.isGiven(name) && type != wanted && !fields.isMistaken("type") {
            fields.report(
                .alternativesMixed, at: fields.extent(of: name), "`\(name)` belongs to an input of type \(wanted.rawValue)")
        }
        guard let given, !fields.isMistaken("type") else { return }
        if required {
            fields.report(
                .alternativesMixed, at: fields.extent(of: "default"), "an input that must be given has no default")
        }
        // The canonical form writes numbers as texts.
        let isNumber = type == .number && given.type == .string && Scalar(text: given.text, isPlain: true).isNumber
        if given.type != type, !isNumber {
            fields.report(
                .typeMismatch, at: fields.extent(of: "default"),
                "the input is of type \(type.rawValue), and this is \(given.type.noun)",
                hint: type == .string ? "put it in quotes" : nil)
        } else if type == .string, !choices.isEmpty, !choices.contains(given.text) {
            fields.report(
                .valueUnknown, at: fields.extent(of: "default"), "`\(given.text)` is not one of the values of `enum`",
                hint: Suggestion.hint(for: given.text, among: choices))
        }
    }
}

extension Workflow.Input {
    init(name: String, _ fields: InputFields) {
        self.init(
            name: name, type: fields.type, required: fields.required, description: fields.description,
            initial: fields.initial, choices: fields.choices, fields: fields.fields, items: fields.items)
    }
}

extension Workflow.Input.ValueType {
    /// For messages.
    var noun: String {
        switch self {
        case .string: "text"
        case .number: "a number"
        case .boolean: "true or false"
        case .object: "an object"
        case .array: "a list"
        }
    }
}

extension Scalar {
    fileprivate var isNumber: Bool { type == .integer || type == .float }
}

/// A scalar written in place of an input.
struct InputDefault: Equatable {
    var type: Workflow.Input.ValueType
    var text: String
}

extension Shape where Value == InputDefault {
    /// Numbers keep the digits they are written with, so that none is rounded on the way.
    fileprivate static var inputDefault: Shape<InputDefault> {
        Shape(.text("a value", example: "en", pattern: #"[\s\S]*"#)) { node, reading in
            guard let text = reading.written(node, expecting: "a text, a number, true or false"),
                case .scalar(let scalar) = node.content
            else { return nil }
            switch scalar.type {
            case .boolean:
                let value = text.lowercased() == "true"
                return Decoded(InputDefault(type: .boolean, text: String(value)), .boolean(value))
            case .integer, .float: return Decoded(InputDefault(type: .number, text: text), .string(text))
            case .string, .null: return Decoded(InputDefault(type: .string, text: text), .string(text))
            }
        }
    }
}

/// An output of a workflow without its name.
struct OutputFields: FieldSet, Equatable {
    var type: Workflow.FieldType?
    var value: String

    init?(from fields: inout Fields) {
        type = fields.optional("type", .amount, "what it holds", .informs)
        let value = fields.required("value", .text, "a template over inputs and steps that surely ran", .informs)
        guard let value else { return nil }
        self.value = value
    }
}
