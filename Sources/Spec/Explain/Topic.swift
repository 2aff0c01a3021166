/// What `charter explain` can tell of.
package enum Topic: Sendable {
    /// All kinds, each in a line.
    case kinds
    case kind(Kind)
    /// A field of a kind by the names that lead to it, such as `["limits"]`; the last is its declaration.
    case field(Kind, path: [String], FieldDeclaration)
    case code(DiagnosticCode)
    /// Why a plan is held back.
    case guardCode(GuardCode)

    /// Finds what `APIKey`, `APIKey.secrets.sha256`, `CH1042` or `G1002` speaks of; nil words speak of the kinds.
    ///
    /// Case does not matter, and `spec`, `[]` and `*` may be left out or written.
    package init(_ words: String?) throws(TopicProblem) {
        guard let words, !words.isEmpty else {
            self = .kinds
            return
        }
        if let code = DiagnosticCode(rawValue: words.uppercased()) {
            self = .code(code)
            return
        }
        if let code = GuardCode(rawValue: words.uppercased()) {
            self = .guardCode(code)
            return
        }
        let steps = words.replacing("[]", with: "").split(separator: ".").map(String.init).filter { $0 != "*" }
        guard let first = steps.first, let kind = Kind(word: first) else { throw .unknown(steps.first ?? words) }
        self = try Topic.field(of: kind, at: Array(steps.dropFirst()))
    }

    private static func field(of kind: Kind, at steps: [String]) throws(TopicProblem) -> Topic {
        var steps = steps[...]
        if steps.first?.lowercased() == "spec" { steps.removeFirst() }
        var path: [String] = []
        var found: FieldDeclaration?
        var fields = kind.declaredFields
        if let first = steps.first?.lowercased(), let outer = kind.outerFields.first(where: { $0.name.lowercased() == first }) {
            fields = [outer]
        }
        for step in steps {
            guard var field = fields.first(where: { $0.name.lowercased() == step.lowercased() }) else {
                let place = ([kind.rawValue] + path).joined(separator: ".")
                throw TopicProblem(
                    "\(place) has no field \(step)", hint: Suggestion.hint(for: step, among: fields.map(\.name)))
            }
            // What stands in a field that is not enforced is not either.
            if found?.effect == .notYet { field.effect = .notYet }
            path.append(field.name)
            found = field
            fields = field.shape.innerFields
        }
        return found.map { .field(kind, path: path, $0) } ?? .kind(kind)
    }
}

/// Why there is nothing to tell.
package struct TopicProblem: Error, Equatable {
    package var message: String
    package var hint: String?

    init(_ message: String, hint: String?) {
        self.message = message
        self.hint = hint
    }

    fileprivate static func unknown(_ word: String) -> TopicProblem {
        let isCode = ["CH", "G"].contains { prefix in
            let digits = word.dropFirst(prefix.count)
            return word.uppercased().hasPrefix(prefix) && !digits.isEmpty && digits.allSatisfy(\.isNumber)
        }
        if isCode { return TopicProblem("there is no code \(word)", hint: "docs/ERRORS.md lists them") }
        return TopicProblem(
            "there is no kind \(word)", hint: Suggestion.hint(for: word, among: Kind.allCases.map(\.rawValue)))
    }
}

extension Kind {
    /// The fields beside `spec`.
    fileprivate var outerFields: [FieldDeclaration] {
        Envelope.declaredFields(of: self).filter { $0.name != "spec" }
    }
}

extension ShapeDescription {
    /// The declared fields somewhere in it, through lists and mappings.
    package var innerFields: [FieldDeclaration] {
        switch self {
        case .fields(let fields): fields
        case .list(let item), .set(let item), .map(_, _, let item): item.innerFields
        case .either(let shapes): shapes.flatMap(\.innerFields)
        case .text, .integer, .boolean, .isTrue, .oneOf: []
        }
    }

    /// Every text that says what stands somewhere in it.
    fileprivate var nouns: [String] {
        switch self {
        case .text(let noun, _, _, _): [noun]
        case .list(let item), .set(let item), .map(_, _, let item): item.nouns
        case .either(let shapes): shapes.flatMap(\.nouns)
        case .fields(let fields): fields.flatMap { [$0.about] + $0.shape.nouns }
        case .integer, .boolean, .isTrue, .oneOf: []
        }
    }
}

extension Kind {
    /// The kinds that its fields speak of, and those whose fields speak of it.
    package var related: [Kind] {
        Kind.allCases.filter { $0 != self && (mentioned.contains($0) || $0.mentioned.contains(self)) }
    }

    private var mentioned: Set<Kind> {
        let words = declaredFields.flatMap { [$0.about] + $0.shape.nouns }
            .flatMap { $0.split { !$0.isLetter } }
        return Set(words.compactMap { Kind(rawValue: String($0)) ?? Kind(plural: $0) })
    }

    private init?(plural word: Substring) {
        guard word.hasSuffix("s"), let kind = Kind(rawValue: String(word.dropLast())) else { return nil }
        self = kind
    }
}
