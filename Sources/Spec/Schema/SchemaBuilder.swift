/// Makes schemas of declared fields.
struct SchemaBuilder {
    /// What was found out about a pattern, which many fields share.
    private var scalars: [String: PlainScalars] = [:]

    /// The document itself: nothing clears or inherits its own fields, only those inside `metadata` and `spec`.
    mutating func envelope(_ fields: [FieldDeclaration], _ form: Schema.Form, title: String) -> SchemaText {
        let isRelaxed = form != .whole
        var schema = SchemaText.object([SchemaText.Member("type", .string("object"))])
        schema["required"] = .strings(
            fields.filter { $0.presence == .required && !(isRelaxed && $0.name == "spec") }.map(\.name))
        schema["properties"] = .object(
            fields.map { field in
                var own = value(field, path: field.name == "spec" ? title : "\(title).\(field.name)", isRelaxed)
                if isRelaxed, form == .inheriting, field.name == "metadata" { own["required"] = .strings(["name"]) }
                return SchemaText.Member(field.name, own)
            })
        schema["additionalProperties"] = .boolean(false)
        return schema
    }

    /// A mapping of declared fields; `isRelaxed` where other files complete it.
    private mutating func mapping(_ fields: [FieldDeclaration], path: String, _ isRelaxed: Bool) -> SchemaText {
        var schema = SchemaText.object([SchemaText.Member("type", .string("object"))])
        let required = fields.filter { $0.presence == .required }.map(\.name)
        if !isRelaxed {
            if !required.isEmpty { schema["required"] = .strings(required) }
            addRules(of: fields, to: &schema)
        }
        schema["properties"] = .object(
            fields.map { field in
                let own = value(field, path: "\(path).\(field.name)", isRelaxed)
                return SchemaText.Member(field.name, isRelaxed ? own.orNull : own)
            })
        schema["additionalProperties"] = .boolean(false)
        return schema
    }

    /// What fields say of each other.
    private func addRules(of fields: [FieldDeclaration], to schema: inout SchemaText) {
        var groups: [(names: [String], keyword: String)] = []
        for field in fields where !field.alternatives.isEmpty && !groups.contains(where: { $0.names == field.alternatives }) {
            groups.append((field.alternatives, field.alternativesMayMix ? "anyOf" : "oneOf"))
        }
        var rules = groups.map { names, keyword in
            SchemaText.object([SchemaText.Member(keyword, .array(names.map { .requiring([$0]) }))])
        }
        rules += fields.flatMap { field in field.conditions.map { SchemaText(of: $0, on: field.name) } }
        if rules.count == 1 { schema.members += rules[0].members }
        if rules.count > 1 { schema["allOf"] = .array(rules) }
        let needing = fields.filter { !$0.needs.isEmpty }
        if !needing.isEmpty {
            schema["dependencies"] = .object(needing.map { SchemaText.Member($0.name, .strings($0.needs)) })
        }
    }

    /// What stands in a field, with what an editor shows of it.
    private mutating func value(_ field: FieldDeclaration, path: String, _ isRelaxed: Bool) -> SchemaText {
        var schema = SchemaText.object([
            SchemaText.Member("title", .string(path)), SchemaText.Member("description", .string(field.summary)),
            SchemaText.Member("markdownDescription", .string(field.markdown)),
        ])
        schema.members += value(field.shape, path: path, isRelaxed).members
        if let initial = field.initial { schema["default"] = SchemaText(writtenAs: initial, field.shape) }
        return schema
    }

    private mutating func value(_ shape: ShapeDescription, path: String, _ isRelaxed: Bool) -> SchemaText {
        switch shape {
        case .text(_, let example, let pattern, let isQuoted):
            var schema = text(pattern, isQuoted: isQuoted)
            if let example { schema["examples"] = .strings([example]) }
            return schema
        case .integer(let bounds):
            return .object([
                SchemaText.Member("type", .string("integer")),
                SchemaText.Member("minimum", .integer(bounds.lowerBound)),
                SchemaText.Member("maximum", .integer(bounds.upperBound)),
            ])
        case .boolean: return .object([SchemaText.Member("type", .string("boolean"))])
        case .isTrue: return .object([SchemaText.Member("const", .boolean(true))])
        case .oneOf(let names): return .object([SchemaText.Member("enum", .array(names.flatMap(SchemaText.spellings)))])
        case .list(let item), .set(let item):
            // Lists are replaced as a whole, so nothing completes their items.
            let items = value(item, path: path, false)
            return .object([SchemaText.Member("type", .string("array")), SchemaText.Member("items", items)])
        case .map(_, let pattern, let item):
            let inner = value(item, path: "\(path).*", isRelaxed)
            var schema = SchemaText.object([SchemaText.Member("type", .string("object"))])
            if let pattern { schema["propertyNames"] = .object([SchemaText.Member("pattern", .anchored(pattern))]) }
            schema["additionalProperties"] = isRelaxed ? inner.orNull : inner
            return schema
        case .fields(let fields): return mapping(fields, path: path, isRelaxed)
        case .either(let shapes):
            let choices = shapes.map { value($0, path: path, isRelaxed) }
            return .object([SchemaText.Member("anyOf", .array(choices))])
        }
    }

    private mutating func text(_ pattern: String?, isQuoted: Bool) -> SchemaText {
        let plain = isQuoted ? nil : plainScalars(of: pattern)
        let types = ["string"] + (plain?.types ?? [])
        var schema = SchemaText.object([
            SchemaText.Member("type", types.count == 1 ? .string("string") : .strings(types))
        ])
        if let pattern { schema["pattern"] = .anchored(pattern) }
        if let plain, plain.integers || plain.fractions, !plain.negatives { schema["minimum"] = .number("0") }
        return schema
    }

    private mutating func plainScalars(of pattern: String?) -> PlainScalars {
        guard let pattern else { return .all }
        if let known = scalars[pattern] { return known }
        let found = PlainScalars(of: pattern)
        scalars[pattern] = found
        return found
    }
}

extension SchemaText {
    fileprivate static func requiring(_ names: [String]) -> SchemaText {
        .object([Member("required", .strings(names))])
    }

    /// `if` the other field has one of the values, the field must be given; or else it may not be.
    fileprivate init(of condition: FieldCondition, on name: String) {
        let value = SchemaText.object([Member("enum", .strings(condition.values))])
        var holds = SchemaText.object([Member("properties", .object([Member(condition.field, value)]))])
        if !condition.orMissing { holds["required"] = .strings([condition.field]) }
        self = .object([Member("if", holds)])
        switch condition.sort {
        case .needed: self["then"] = .requiring([name])
        case .only: self["else"] = .object([Member("properties", .object([Member(name, .boolean(false))]))])
        }
    }

    fileprivate static func anchored(_ pattern: String) -> SchemaText { .string("^(?:\(pattern))$") }

    /// A name as it may be written: one that looks like a number or a boolean is read as one when it is not quoted.
    fileprivate static func spellings(of name: String) -> [SchemaText] {
        switch CoreSchema.type(of: name) {
        case .string, .null: [.string(name)]
        case .boolean: [.string(name), .boolean(name.lowercased() == "true")]
        case .integer, .float: [.string(name), .number(name)]
        }
    }

    /// The same, and `null`, which clears what a folder gives.
    fileprivate var orNull: SchemaText {
        var schema = self
        if case .array(let names)? = schema["enum"] { schema["enum"] = .array(names + [.null]) }
        if case .array(let choices)? = schema["anyOf"] {
            schema["anyOf"] = .array(choices + [.object([Member("type", .string("null"))])])
        }
        if let only = schema["const"] {
            schema["const"] = nil
            schema["enum"] = .array([only, .null])
        }
        switch schema["type"] {
        case .string(let type)?: schema["type"] = .strings([type, "null"])
        case .array(let types)?: schema["type"] = .array(types + [.string("null")])
        default: break
        }
        return schema
    }

    /// A default as a reference page shows it.
    fileprivate init(writtenAs text: String, _ shape: ShapeDescription) {
        if case .text = shape {
            self = .string(text)
        } else {
            self = YAMLReader(path: "", bytes: Array(text.utf8)).documents.first.map(SchemaText.init) ?? .string(text)
        }
    }
}
