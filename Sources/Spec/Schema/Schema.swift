/// JSON Schema, draft-07, of what the decoder reads: for editors, which know no other source.
///
/// Built from the same declarations as the reference pages. It refuses nothing that the decoder accepts; what only the
/// decoder can see, such as references, numbers that are too large, and how a number was written, it leaves open.
package enum Schema {
    /// Which documents it is for.
    package enum Form: String, CaseIterable, Sendable {
        /// Those that stand for themselves.
        case whole
        /// Those below a `_defaults.yaml`, which may give what they leave out, and whose fields `null` clears.
        case inheriting
        /// Those of a `_defaults.yaml` itself.
        case defaults
    }

    /// The schema of one kind.
    package static func text(of kind: Kind, _ form: Form = .whole) -> String {
        var schema = head("\(kind.rawValue)", form)
        schema.members += document(kind, form).members
        return schema.text
    }

    /// One for documents of every kind, chosen by `kind`; `if` and `then` make better messages than `oneOf`.
    package static func combined(_ form: Form = .whole) -> String {
        let kinds = kinds(form)
        var schema = head("all", form)
        schema["title"] = .string("Charter")
        schema["description"] = .string("A document of a repository that Charter reads.")
        schema["type"] = .string("object")
        schema["required"] = .strings(["apiVersion", "kind"])
        var kindField: SchemaText = .object([])
        kindField["description"] = .string("What is declared.")
        kindField["enum"] = .strings(kinds.map(\.rawValue))
        var version: SchemaText = .object([])
        version["enum"] = .strings([currentAPIVersion])
        schema["properties"] = .object([
            SchemaText.Member("apiVersion", version), SchemaText.Member("kind", kindField),
        ])
        schema["allOf"] = .array(kinds.map(choice))
        schema["definitions"] = .object(kinds.map { SchemaText.Member($0.rawValue, document($0, form)) })
        return schema.text
    }

    /// Every file that `charter schema --output` writes, by name.
    package static var files: [(name: String, text: String)] {
        let texts =
            Kind.allCases.map { ($0.rawValue, text(of: $0)) } + [
                ("all", combined()), ("inheriting", combined(.inheriting)), ("defaults", combined(.defaults)),
            ]
        return texts.map { ("\($0).json", $1 + "\n") }
    }

    /// The kinds whose documents may have the form.
    package static func kinds(_ form: Form) -> [Kind] {
        form == .whole ? Kind.allCases : Kind.allCases.filter { $0 != .repository }
    }

    // MARK: Inside

    private static func head(_ name: String, _ form: Form) -> SchemaText {
        let identity = ["urn:charter:v1", form == .whole ? nil : form.rawValue, name].compactMap { $0 }
        return .object([
            SchemaText.Member("$schema", .string("http://json-schema.org/draft-07/schema#")),
            SchemaText.Member("$id", .string(identity.joined(separator: ":"))),
        ])
    }

    private static func choice(of kind: Kind) -> SchemaText {
        let isKind = SchemaText.object([
            SchemaText.Member(
                "properties",
                .object([
                    SchemaText.Member("kind", .object([SchemaText.Member("const", .string(kind.rawValue))]))
                ])),
            SchemaText.Member("required", .strings(["kind"])),
        ])
        let reference = SchemaText.object([SchemaText.Member("$ref", .string("#/definitions/\(kind.rawValue)"))])
        return .object([SchemaText.Member("if", isKind), SchemaText.Member("then", reference)])
    }

    private static func document(_ kind: Kind, _ form: Form) -> SchemaText {
        var builder = SchemaBuilder()
        let fields = Envelope.declaredFields(of: kind, form)
        var schema = builder.envelope(fields, form, title: kind.rawValue)
        schema["title"] = .string(kind.rawValue)
        schema["description"] = .string(kind.about.sentence)
        return schema
    }
}

extension Envelope {
    /// The fields of a document in one of the schema's forms.
    fileprivate static func declaredFields(of kind: Kind, _ form: Schema.Form) -> [FieldDeclaration] {
        declaredFields(of: kind).map { field in
            guard form == .defaults, field.name == "metadata", case .fields(let own) = field.shape else { return field }
            var field = field
            field.presence = .optional
            field.shape = .fields(own.filter { $0.name != "name" && $0.name != "previousNames" })
            return field
        }
    }
}
