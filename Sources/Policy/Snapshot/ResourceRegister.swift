internal import Spec

/// Names and places of all resources, packed so that ten thousand keys cost a few megabytes.
struct ResourceRegister: Sendable {
    struct Entry: Sendable {
        var key: ResourceKey
        var uid: String
        var path: Int32
        var commit: Int32
        var author: Int32
        var document: FieldSpan
        var spans: Range<Int32>
    }

    struct FieldSpan: Sendable {
        var pointer: Int32
        var line: Int32
        var column: Int32
        /// Text of the file whose defaults give the field; `ownFile` where it is the resource's own.
        var path: Int32
    }

    private struct KindForm: Hashable, Sendable {
        var kind: Kind
        var form: Spans.Form
    }

    /// A field of a form, by its index there, and its pointer here.
    private struct RuleSpan: Sendable {
        var index: Int
        var pointer: Int32
    }

    private(set) var entries: [Entry] = []
    private var spans: [FieldSpan] = []
    private var texts = Interner()
    private var pointers = Interner()
    private var forms: [KindForm: [RuleSpan]] = [:]
    /// Indexes of the pointers of the fields that rules name, once all resources are in.
    private var fields: [RuleField: Int32] = [:]
    /// By the resource's index and the field's pointer; almost always empty.
    private var overrides: [Int32: [String: OverrideMark]] = [:]

    /// `places` is how many fields they have in all.
    mutating func reserve(resources count: Int, places: Int) {
        entries.reserveCapacity(count)
        spans.reserveCapacity(places)
    }

    /// Keeps the spans that a rule can name, and forgets the others.
    mutating func add(_ governed: GovernedResource) -> Int32 {
        let start = Int32(spans.count)
        let places = governed.provenance.spans
        for field in fields(of: places.form, governed.resource.key.kind) {
            let (position, path) = places[field.index]
            spans.append(
                FieldSpan(pointer: field.pointer, at: position, path: path.map { texts.intern($0) } ?? Self.ownFile))
        }
        entries.append(
            Entry(
                key: governed.resource.key, uid: governed.uid,
                path: texts.intern(governed.provenance.path),
                commit: texts.intern(governed.provenance.commit),
                author: texts.intern(governed.provenance.author),
                document: FieldSpan(pointer: -1, at: governed.provenance.document, path: Self.ownFile),
                spans: start..<Int32(spans.count)))
        let index = Int32(entries.count - 1)
        if !governed.provenance.overrides.isEmpty { overrides[index] = governed.provenance.overrides }
        return index
    }

    /// Adds what is declared by no document of its own, but stands where another resource does.
    mutating func add(_ key: ResourceKey, uid: String, at other: Int32) -> Int32 {
        var entry = entries[Int(other)]
        entry.key = key
        entry.uid = uid
        entry.spans = 0..<0
        entries.append(entry)
        return Int32(entries.count - 1)
    }

    /// The fields of a form that a rule can name; asked once for all the resources that are written alike.
    private mutating func fields(of form: Spans.Form, _ kind: Kind) -> [RuleSpan] {
        let key = KindForm(kind: kind, form: form)
        if let known = forms[key] { return known }
        let found = form.sorted.enumerated().filter { Self.canBeRule($0.element, of: kind) }
            .map { RuleSpan(index: $0.offset, pointer: pointers.intern($0.element)) }
        forms[key] = found
        return found
    }

    /// Prepares for `place(of:)`.
    mutating func seal() {
        forms = [:]
        for field in RuleField.frequent {
            if let index = pointers.index(of: field.pointer) { fields[field] = index }
        }
    }

    /// Path and line of a rule without building its names.
    func place(of rule: RuleReference) -> (path: String, line: Int32) {
        let entry = entries[Int(rule.resource)]
        if let mark = override(of: rule.resource, rule.field.pointer) { return (mark.path, 0) }
        guard let index = fields[rule.field] else { return (texts[entry.path], entry.document.line) }
        for slot in entry.spans where spans[Int(slot)].pointer == index {
            let span = spans[Int(slot)]
            return (texts[path(of: span, in: entry)], span.line)
        }
        return (texts[entry.path], entry.document.line)
    }

    /// The rule for a field, at the field's own line or at that of the nearest field around it.
    func rule(_ resource: Int32, field pointer: String) -> Rule {
        let entry = entries[Int(resource)]
        if let mark = override(of: resource, pointer) {
            return Rule(resource: entry.key, uid: entry.uid, field: pointer, origin: RuleOrigin(mark))
        }
        let span = span(of: pointer, in: entry)
        return Rule(
            resource: entry.key, uid: entry.uid, field: pointer,
            origin: texts[entry.path].isEmpty
                ? nil
                : RuleOrigin(
                    path: texts[path(of: span, in: entry)], line: Int(span.line), column: Int(span.column),
                    commit: texts[entry.commit], author: texts[entry.author]))
    }

    private func override(of resource: Int32, _ pointer: @autoclosure () -> String) -> OverrideMark? {
        overrides.isEmpty ? nil : overrides[resource]?[pointer()]
    }

    private static let ownFile: Int32 = -1

    private func path(of span: FieldSpan, in entry: Entry) -> Int32 {
        span.path == Self.ownFile ? entry.path : span.path
    }

    private func span(of pointer: String, in entry: Entry) -> FieldSpan {
        var wanted = Substring(pointer)
        while !wanted.isEmpty {
            if let index = pointers.index(of: String(wanted)),
                let found = spans[Int(entry.spans.lowerBound)..<Int(entry.spans.upperBound)]
                    .first(where: { $0.pointer == index })
            {
                return found
            }
            wanted = wanted.lastIndex(of: "/").map { wanted[..<$0] } ?? ""
        }
        return entry.document
    }

    private static func canBeRule(_ pointer: String, of kind: Kind) -> Bool {
        if pointer == RuleField.suspend.pointer { return true }
        switch kind {
        case .provider, .workflow, .repository, .agent, .webhook: return false
        default: break
        }
        if pointer.hasPrefix("/metadata") || pointer.hasPrefix("/spec/tests") { return false }
        guard kind == .modelCatalog else { return true }
        return pointer.hasSuffix("/context") || pointer.hasSuffix("/prices") || pointer.utf8.count { $0 == slash } == 3
    }

    private static let slash = UInt8(ascii: "/")
}

extension ResourceRegister.FieldSpan {
    fileprivate init(pointer: Int32, at position: Position, path: Int32) {
        self.init(
            pointer: pointer, line: Int32(clamping: position.line), column: Int32(clamping: position.column), path: path)
    }
}

/// Gives equal texts one index.
struct Interner: Sendable {
    private var indexes: [String: Int32] = [:]
    private var texts: [String] = []

    mutating func intern(_ text: String) -> Int32 {
        if let index = indexes[text] { return index }
        let index = Int32(texts.count)
        indexes[text] = index
        texts.append(text)
        return index
    }

    func index(of text: String) -> Int32? { indexes[text] }

    subscript(_ index: Int32) -> String { texts[Int(index)] }
}
