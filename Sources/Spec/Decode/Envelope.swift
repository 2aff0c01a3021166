/// What surrounds the spec of every document: `apiVersion`, `kind`, `metadata`.
struct Envelope {
    var kind: Kind?
    var name: String?
    /// Where the name stands, or where it should.
    var nameExtent: Extent
    var metadata = Metadata()
    var body: Body?
    var suspension: Suspension?
    var canonical: [CanonicalJSON.Field] = []

    /// The name of the resource in `charter.yaml` that does not give one.
    static let repositoryName = "charter"

    /// Reads a document of a file, over what the folders above it give.
    init(document node: Node, under defaults: DefaultsChain = DefaultsChain(), _ reading: Reading) {
        nameExtent = node.extent
        guard case .mapping(let own) = node.content else {
            if node.isDoubtful { return }
            reading.report(
                .documentNotMapping, node.extent,
                "a document is a mapping with `apiVersion`, `kind`, `metadata` and `spec`, not \(node.noun)",
                hint: node.items.isEmpty ? nil : "write each item as a document, with a line `---` between two of them")
            return
        }
        if let foreign = ForeignDocument(own) {
            foreign.report(to: reading, beginning: node.extent)
            return
        }
        let entries = defaults.complete(own)
        var fields = Fields(entries, reading)
        kind = Envelope.readKind(&fields)
        readMetadata(&fields, entries)
        reading.isGuessed = kind == nil
        readSpec(&fields, of: kind ?? Kind(meantIn: entries), isGiven: entries.contains { $0.key == "spec" })
        reading.isGuessed = false
        fields.finish()
    }

    /// The fields of a document of a kind, those inside `metadata` and `spec` included.
    static func declaredFields(of kind: Kind) -> [FieldDeclaration] {
        var declared = Fields.declared { fields in
            var envelope = Envelope(declaring: kind)
            _ = readKind(&fields)
            envelope.readMetadata(&fields, [])
            envelope.readSpec(&fields, of: kind, isGiven: true)
        }
        for index in declared.indices {
            guard case .fields(var inner) = declared[index].shape else {
                if declared[index].name == "kind" { declared[index].shape = .oneOf([kind.rawValue]) }
                continue
            }
            // The two rules that the reads above do not say: see `readMetadata` and `readSpec`.
            if declared[index].name == "metadata", kind != .repository {
                for name in inner.indices where inner[name].name == "name" { inner[name].presence = .required }
                declared[index].shape = .fields(inner)
            } else if declared[index].name == "spec", inner.allSatisfy(\.mayBeMissing) {
                declared[index].presence = .optional
            }
        }
        return declared
    }

    private init(declaring kind: Kind) {
        self.kind = kind
        nameExtent = .start
    }

    /// Reads the canonical form of a resource whose identity is known.
    init(canonical node: Node, of key: ResourceKey, _ reading: Reading) {
        kind = key.kind
        name = key.name
        nameExtent = node.extent
        guard case .mapping(let entries) = node.content else {
            reading.expected("a mapping", node)
            return
        }
        var fields = Fields(entries, reading)
        metadata.readOwn(&fields)
        readSpec(&fields, of: kind, isGiven: true)
        canonical = fields.canonical.filter { $0.name != "spec" } + canonical
        fields.finish()
    }

    private static func readKind(_ fields: inout Fields) -> Kind? {
        _ = fields.required("apiVersion", .apiVersion, "the version of the language", .informs)
        return fields.required("kind", .kind, "what is declared", .informs)
    }

    private mutating func readMetadata(_ fields: inout Fields, _ entries: [Node.Entry]) {
        let read: MetadataFields?
        if kind == .repository || fields.reading.isOfDefaults {
            read = fields.optional("metadata", .fields, "its labels and annotations", .parts)
        } else {
            read = fields.required("metadata", .fields, "its name, labels and annotations", .parts)
        }
        if let entry = entries.first(where: { $0.key == "metadata" }) { nameExtent = entry.value.extent }
        if let read {
            metadata = read.metadata
            canonical = read.canonical
            nameExtent = read.nameExtent ?? nameExtent
            let mayBeUnnamed = kind == .repository || fields.reading.isOfDefaults || read.nameIsMeant
            if !mayBeUnnamed, read.name == nil, !read.nameWasGiven {
                fields.report(.fieldMissing, at: nameExtent, "`name` is missing in `metadata`")
            }
        }
        name = read?.name ?? (kind == .repository ? Envelope.repositoryName : nil)
    }

    private mutating func readSpec(_ fields: inout Fields, of kind: Kind?, isGiven: Bool) {
        guard let kind else {
            // Read so that it is a known name, and nothing more is said of what is inside.
            _ = fields.optional("spec", .anything, "the fields of the kind", .parts)
            return
        }
        let before = fields.canonical.count
        if isGiven {
            take(fields.required("spec", kind.spec, "the fields of the kind", .parts))
        } else {
            // Asked for all the same, so that a misspelled `spec` is told its name.
            _ = fields.optional("spec", .anything, "the fields of the kind", .parts)
            if fields.reading.isOfDefaults || fields.isMeant("spec") { return }
            if self.kind == nil { return }
            let empty = Node(content: .mapping([]), extent: nameExtent)
            take(kind.spec.read(empty, fields.reading)?.value)
        }
        let spec = fields.canonical.dropFirst(before).first { $0.name == "spec" }?.value ?? .object([])
        canonical.append(CanonicalJSON.Field("spec", spec))
    }

    private mutating func take(_ spec: SpecFields?) {
        body = spec?.body
        suspension = spec?.suspension
    }

    /// The canonical text; meaningful only when the body was read.
    var text: String { CanonicalJSON.object(canonical).text }
}

extension Metadata {
    /// Reads all but the name.
    mutating func readOwn(_ fields: inout Fields) {
        labels = fields.value("labels", .texts, default: [:], "names and values to choose resources by", .informs)
        annotations = fields.value(
            "annotations", .texts, default: [:], "remarks that Charter carries and does not read", .informs)
        previousNames = fields.value(
            "previousNames",
            .set(of: .text("a name", example: "checkout", pattern: Names.resourcePattern, Names.isResourceName)),
            default: [],
            "earlier names, so that a rename keeps its usage and history", .enforced(by: "LineageBook.choose"))
    }
}

/// `metadata` of a document.
struct MetadataFields: FieldSet {
    var name: String?
    var nameWasGiven: Bool
    /// Whether another mistake says why it is not.
    var nameIsMeant: Bool
    var nameExtent: Extent?
    var metadata = Metadata()
    /// Without the name, which is part of the identity.
    var canonical: [CanonicalJSON.Field] = []

    init?(from fields: inout Fields) {
        name = fields.optional("name", .resourceName, "the name, unique among those of its kind in its organization", .informs)
        nameWasGiven = fields.isGiven("name")
        if nameWasGiven { nameExtent = fields.extent(of: "name") }
        metadata.readOwn(&fields)
        nameIsMeant = fields.isMeant("name")
        canonical = fields.canonical.filter { $0.name != "name" }
    }
}

/// The version of the language that this program speaks.
package let currentAPIVersion = "charter/v1"

extension Shape where Value == String {
    static var apiVersion: Shape<String> {
        Shape(.oneOf([currentAPIVersion])) { node, reading in
            guard let text = reading.written(node, expecting: "`\(currentAPIVersion)`") else { return nil }
            guard text == currentAPIVersion else {
                reading.report(
                    .apiVersionUnknown, node.extent, "`\(text)` is not a version this program knows",
                    hint: "write `\(currentAPIVersion)`")
                return nil
            }
            return Decoded(text, .string(text))
        }
    }

    static var resourceName: Shape<String> {
        Shape(.text("a name", example: "checkout-prod", pattern: Names.resourcePattern)) { node, reading in
            guard let text = reading.written(node, expecting: "a name") else { return nil }
            guard Names.isResourceName(text) else {
                if reading.refusesLookalike(in: text, node.extent, as: .identifier) { return nil }
                let lower = text.lowercased()
                reading.report(
                    .nameInvalid, node.extent, "`\(text)` is not a name",
                    hint: Names.isResourceName(lower) ? "did you mean `\(lower)`?" : Names.hint)
                return nil
            }
            return Decoded(text, .string(text))
        }
    }
}

extension Shape where Value == Kind {
    static var kind: Shape<Kind> {
        Shape(.oneOf(Kind.allCases.map(\.rawValue))) { node, reading in
            guard let text = reading.written(node, expecting: "a kind") else { return nil }
            guard let kind = Kind(rawValue: text) else {
                let kinds = Kind.allCases.map(\.rawValue)
                if reading.refusesLookalike(in: text, node.extent, as: .identifier, among: kinds) { return nil }
                reading.report(
                    .kindUnknown, node.extent, "`\(text)` is not a kind",
                    hint: Suggestion.nearest(to: text, among: kinds).map { "did you mean `\($0)`?" }
                        ?? "the kinds are " + kinds.sorted().joined(separator: ", "))
                return nil
            }
            return Decoded(kind, .string(text))
        }
    }
}

extension Shape where Value == Bool {
    /// Takes whatever stands there and says nothing of it.
    static var anything: Shape<Bool> {
        Shape(.text("anything", example: nil)) { _, _ in Decoded(true, .boolean(true)) }
    }
}
