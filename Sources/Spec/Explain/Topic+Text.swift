extension Topic {
    /// The reference page on a terminal.
    package func text(isStyled: Bool) -> String {
        var page = TerminalText(isStyled: isStyled)
        switch self {
        case .kinds: Topic.write(kindsTo: &page)
        case .kind(let kind): Topic.write(kind, to: &page)
        case .field(let kind, let path, let field): Topic.write(field, of: kind, at: path, to: &page)
        case .code(let code): Topic.write(code, to: &page)
        case .guardCode(let code):
            page.heading("\(code.rawValue)  \(code.title)  (holds a plan back)")
            Topic.write(cause: code.cause, remedy: code.remedy, to: &page)
        }
        return page.text.hasSuffix("\n") ? String(page.text.dropLast()) : page.text
    }

    private static func write(kindsTo page: inout TerminalText) {
        let width = Kind.allCases.map(\.rawValue.count).max() ?? 0
        for kind in Kind.allCases { page.row(kind.rawValue, kind.about, width: width) }
        page.blank()
        page.prose("`charter explain APIKey` tells of a kind, `charter explain APIKey.limits` of a field, `charter explain CH1042` of a code.")
    }

    private static func write(_ kind: Kind, to page: inout TerminalText) {
        page.heading(kind.rawValue)
        page.prose(kind.about.sentence + " Stands in: \(kind.whereabouts).", indent: 2)
        page.blank()
        page.heading("FIELDS of spec")
        write(kind.declaredFields, to: &page)
        page.blank()
        page.heading("THE LEAST THAT IS ACCEPTED")
        for line in Skeleton.text(of: kind).split(separator: "\n") { page.verbatim(String(line), indent: 2) }
        let related = kind.related
        if !related.isEmpty {
            page.blank()
            page.heading("SEE ALSO")
            page.prose(related.map(\.rawValue).joined(separator: ", "), indent: 2)
        }
    }

    private static func write(_ fields: [FieldDeclaration], to page: inout TerminalText) {
        let width = fields.map(\.name.count).max() ?? 0
        for field in fields {
            let remarks = [
                field.presence == .required ? "Required." : nil, field.initial.map { "Default: `\($0)`." },
                field.effect == .notYet ? "Not enforced by this version." : nil,
            ]
            page.row(
                field.name, ([field.summary] + remarks.compactMap { $0 }).joined(separator: " "), indent: 2, width: width)
        }
    }

    private static func write(
        _ field: FieldDeclaration, of kind: Kind, at path: [String], to page: inout TerminalText
    ) {
        page.heading(([kind.rawValue] + path).joined(separator: "."))
        page.prose(field.summary, indent: 2)
        page.blank()
        for (name, words) in field.facts { page.row(name, words, indent: 2, width: 8) }
        let inner = field.shape.innerFields
        if !inner.isEmpty {
            page.blank()
            page.heading("FIELDS")
            write(inner, to: &page)
        }
    }

    private static func write(_ code: DiagnosticCode, to page: inout TerminalText) {
        page.heading("\(code.rawValue)  \(code.title)  (\(code.severity == .error ? "error" : "warning"))")
        guard let explanation = code.explanation else { return }
        write(cause: explanation.cause, remedy: explanation.remedy, to: &page)
    }

    private static func write(cause: String, remedy: String, to page: inout TerminalText) {
        page.blank()
        page.row("cause", cause, indent: 2, width: 6)
        page.row("remedy", remedy, indent: 2, width: 6)
    }
}

extension FieldDeclaration {
    /// What there is to say beside what it is, by name.
    fileprivate var facts: [(name: String, words: String)] {
        var facts = [("value", shape.noun), ("required", presence == .required ? "yes" : "no")]
        if let example = shape.anyExample { facts.append(("example", "`\(example)`")) }
        if let initial { facts.append(("default", "`\(initial)`")) }
        if !alternatives.isEmpty { facts.append((alternativesMayMix ? "any of" : "one of", alternatives.map { "`\($0)`" }.joined(separator: ", "))) }
        for condition in conditions { facts.append(("when", condition.sentence)) }
        if !needs.isEmpty { facts.append(("needs", needs.map { "`\($0)`" }.joined(separator: ", "))) }
        if let pattern = shape.anyPattern { facts.append(("pattern", pattern)) }
        switch effect {
        case .enforced(let symbol): facts.append(("effect", "enforced by \(symbol)"))
        case .informs: facts.append(("effect", "for people; there is nothing to enforce"))
        case .notYet: facts.append(("effect", "accepted, not enforced by this version"))
        case .parts: break
        }
        return facts
    }
}

extension ShapeDescription {
    /// What may stand there, without examples, which are told apart.
    fileprivate var noun: String {
        switch self {
        case .text(let noun, _, _, let isQuoted): isQuoted ? noun + ", in quotes where it looks like a number" : noun
        case .integer(let bounds): "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .boolean: "`true` or `false`"
        case .isTrue: "`true`"
        case .oneOf(let names): "one of: " + names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let item): "a list, in order, of: \(item.noun)"
        case .set(let item): "a list, in any order, of: \(item.noun)"
        case .map(let key, _, let value): "a mapping of \(key) to: \(value.noun)"
        case .fields: "a mapping of the fields below"
        case .either(let shapes): shapes.map(\.noun).joined(separator: "; or ")
        }
    }

    fileprivate var anyExample: String? {
        switch self {
        case .list(let item), .set(let item), .map(_, _, let item): item.anyExample
        case .either(let shapes): shapes.lazy.compactMap(\.anyExample).first
        default: example
        }
    }

    /// Short ones only: those of amounts say less than their example.
    fileprivate var anyPattern: String? {
        switch self {
        case .text(_, _, let pattern?, _): pattern.utf8.count <= Self.patternShownMax ? pattern : nil
        case .list(let item), .set(let item): item.anyPattern
        default: nil
        }
    }

    private static let patternShownMax = 60
}
