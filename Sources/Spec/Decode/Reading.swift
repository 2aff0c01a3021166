internal import Synchronization

/// What is gathered while one document is read; confined to that reading.
final class Reading {
    /// Nil when the text comes from the database, where places mean nothing.
    let path: String?
    /// Where the fields of the document stand.
    private(set) var trail = FieldTrail()
    private(set) var findings: Findings
    var diagnostics: [Diagnostic] { findings.diagnostics }
    /// How many of them are errors.
    private(set) var errorCount = 0
    private(set) var references: [Reference] = []
    /// Values that no other resource may have.
    private(set) var claims: [Claim] = []
    private var unenforced: [Unenforced] = []
    private var pointerBytes: [UInt8] = []
    /// Where the key of the value being read stands, for what is missing in it.
    private(set) var keyExtent: Extent
    /// Paths of the files whose defaults may be read too, by `Extent.source` less one.
    private let sources: [String]
    /// The file's text, to find places inside of scalars; nil where it is not at hand.
    let text: FileText?
    /// The aliases around the value being read, the outermost first.
    private(set) var aliases: [Alias] = []
    /// Whether the document holds defaults: what is missing inside may stand in the resources below.
    let isOfDefaults: Bool
    /// Whether what is read is only thought to be of its kind, so that nothing is said of what it lacks.
    var isGuessed = false

    /// With `isBelowBroken`, defaults could not be read that may give what is missing.
    init(
        path: String?, document: Extent, sources: [String] = [], text: FileText? = nil, isOfDefaults: Bool = false, isBelowBroken: Bool = false
    ) {
        findings = Findings(leavingOutAbsence: isBelowBroken)
        self.isOfDefaults = isOfDefaults
        self.path = path
        self.text = text
        self.keyExtent = document
        self.sources = sources
        pointerBytes.reserveCapacity(Self.pointerBytesUsual)
        if path != nil { trail.reserve() }
    }

    private static let pointerBytesUsual = 128

    /// RFC 6901 pointer to the value being read.
    private var pointer: String { String(decoding: pointerBytes, as: UTF8.self) }

    /// Reads a value one level down.
    func within<Result>(_ name: String, key: Extent, _ node: Node, _ read: () -> Result) -> Result {
        let length = pointerBytes.count
        let outer = keyExtent
        pointerBytes.append(UInt8(ascii: "/"))
        pointerBytes.append(contentsOf: JSONPointer.escaped(name).utf8)
        keyExtent = key
        if path != nil { trail.append(pointerBytes, node.extent) }
        if let alias = node.alias { aliases.append(alias) }
        defer {
            if node.alias != nil { aliases.removeLast() }
            pointerBytes.removeSubrange(length...)
            keyExtent = outer
        }
        return read()
    }

    /// The name of the field being read.
    var fieldName: String { JSONPointer.names(pointer).last ?? "" }

    func place(_ extent: Extent) -> Place? { file(of: extent.source).map { Place(path: $0, position: extent.position) } }

    func file(of source: Int32) -> String? { source == 0 ? path : sources[Int(source) - 1] }

    func report(
        _ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String? = nil,
        related: [(Extent, String)] = [], isOfSecret: Bool = false
    ) {
        if isOfDefaults, code.isOfAbsence, !pointerBytes.isEmpty { return }
        if isGuessed, code.mayBeOfAbsence { return }
        var diagnostic = Diagnostic(
            code, at: place(extent), length: extent.length, message, hint: hint,
            related: placed(related + notes(at: extent)))
        diagnostic.isOfSecret = isOfSecret
        if path == nil { diagnostic.pointer = pointer }
        findings.add(diagnostic)
        if diagnostic.severity == .error { errorCount += 1 }
    }

    /// Reports what earlier versions took, so that a state which they stored can still be read.
    func refuse(
        _ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String? = nil,
        related: [(Extent, String)] = []
    ) {
        if path != nil { report(code, extent, message, hint: hint, related: related) }
    }

    private func placed(_ notes: [(Extent, String)]) -> [(place: Place, message: String)] {
        notes.compactMap { extent, message in place(extent).map { (place: $0, message: message) } }
    }

    /// How the alias and the text that it repeats belong together, of which the extent is one.
    private func notes(at extent: Extent) -> [(Extent, String)] {
        guard let alias = aliases.last else { return [] }
        if extent == alias.extent { return [(alias.anchored, "the text that *\(alias.name) repeats")] }
        // Such as the key of an alias, which stands beside it.
        guard alias.anchored.position <= extent.position, extent.position < alias.extent.position else { return [] }
        return [(alias.extent, "repeated here by the alias *\(alias.name)")]
    }

    func refer(to target: Reference.Target, _ name: String, at extent: Extent) {
        guard let place = place(extent) else { return }
        references.append(
            Reference(target: target, name: name, place: place, length: extent.length, notes: placed(notes(at: extent))))
    }

    func claim(_ space: Claim.Space, _ value: String, at extent: Extent) {
        guard let place = place(extent) else { return }
        claims.append(
            Claim(
                space: space, value: value, place: place, length: extent.length, notes: placed(notes(at: extent))))
    }

    func markUnenforced(_ field: String, at extent: Extent) {
        unenforced.append(Unenforced(field: field, pointer: pointer + "/" + field, extent: extent))
    }

    /// Says of the whole resource that its kind is accepted, not enforced.
    func markUnenforced(_ kind: Kind) {
        unenforced.append(
            Unenforced(field: kind.rawValue, pointer: pointer + "/" + kind.rawValue, extent: keyExtent, isOfKind: true))
    }

    /// A warning for each such field in its own place, so that a remark silences what stands in its line alone; none for
    /// what stands in one that is told of as a whole.
    ///
    /// What a folder gives is told of by the file of its defaults, once however many resources have it; `ofKinds` is
    /// false there, as each resource says its kind.
    func reportUnenforced(ofKinds: Bool = true) {
        guard !unenforced.isEmpty else { return }
        let pointers = Set(unenforced.map(\.pointer))
        for mark in unenforced where mark.extent.source == 0 && (ofKinds || !mark.isOfKind) {
            guard !mark.ancestors.contains(where: pointers.contains) else { continue }
            report(.notEnforced, mark.extent, UnenforcedSentences.sentence(about: mark.field))
        }
        unenforced = []
    }

    /// How many fields were read so far; see `reorder`.
    var mark: Int { trail.count }

    /// Takes a step out of the pointers read since `mark`, where the canonical form leaves it out.
    func lift(_ step: String, since mark: Int) { trail.lift(step, after: pointerBytes, since: mark) }

    /// Gives the items of a list that was sorted the pointers of their new indexes.
    ///
    /// `marks[i]` is the mark before item `i` was read, `order[k]` the old index of the item now at `k`.
    func reorder(marks: [Int], order: [Int]) {
        if path != nil { trail.reorder(pointerBytes, marks: marks, order: order) }
    }

    /// Where the fields stand, by the pointers of the canonical form.
    func spans(_ shared: SharedPointers) -> Spans {
        let (pointers, order) = shared.pointers(of: trail)
        return Spans(path: path ?? "", pointers, order) { field in
            let extent = trail[field]
            return (extent.position, extent.source == 0 ? nil : file(of: extent.source))
        }
    }
}

/// A field that is accepted and not enforced.
private struct Unenforced {
    var field: String
    /// With the field's own name, escaped or not: only to be compared with those around it.
    var pointer: String
    var extent: Extent
    var isOfKind = false

    /// Pointers to what it stands in, which may be marked as a whole.
    var ancestors: [String] {
        pointer.utf8.indices.filter { pointer.utf8[$0] == UInt8(ascii: "/") }.dropFirst().map { String(pointer[..<$0]) }
    }
}

/// What is said of fields that are not enforced, each text kept once: a large repository has many of few sorts.
private enum UnenforcedSentences {
    private static let known = Mutex<[String: String]>([:])
    /// Names of fields are few; those with a value in them need not be.
    private static let knownMax = 1000

    static func sentence(about field: String) -> String {
        known.withLock { known in
            if let sentence = known[field] { return sentence }
            let sentence = "`\(field)` is accepted, not enforced by this version"
            if known.count < knownMax { known[field] = sentence }
            return sentence
        }
    }
}

/// A name used in one resource that another must declare.
struct Reference: Sendable {
    enum Target: Hashable, Sendable {
        case resource(Kind)
        /// `provider/model` of a catalog.
        case model
        /// A model, by its full or its unambiguous bare name, or the name of a RoutingPolicy.
        case modelOrRoute
        /// The same with `*`, or `label:name=value`: it should match something.
        case modelPattern(ModelPattern)
        /// An IANA time zone.
        case zone
    }

    var target: Target
    var name: String
    var place: Place
    var length: Int
    /// The alias by which it came to stand there.
    var notes: [(place: Place, message: String)] = []
}

/// A value that may appear once in the whole repository.
struct Claim: Sendable {
    enum Space: Hashable, Sendable { case secret, model, issuer }

    var space: Space
    var value: String
    var place: Place
    var length: Int
    /// The alias by which it came to stand there.
    var notes: [(place: Place, message: String)] = []
}
