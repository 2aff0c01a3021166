/// A type that is written as a mapping of declared fields.
///
/// `init(from:)` reads every field before it gives up, so that all mistakes are found; it returns nil only when
/// something required is missing or wrong, which has then been reported. The same reads are the declaration:
/// `Fields.declared(by:)` runs them over nothing and lists them.
protocol FieldSet: Sendable {
    init?(from fields: inout Fields)
}

/// Reads the fields of one mapping.
///
/// Each read decodes, records the place, adds to the canonical form, and makes the name known. A shape is made only where it
/// is used: most fields of most documents are not given.
struct Fields {
    let reading: Reading
    private let entries: [Node.Entry]
    private var wasRead: [Bool]
    private var known: [String] = []
    private(set) var canonical: [CanonicalJSON.Field] = []
    private(set) var declarations: [FieldDeclaration] = []
    private let isDeclaring: Bool
    /// What is not there, to be told unless another mistake says why.
    private var absences: [Absence] = []
    /// Those given whose value is wrong, or something in it.
    private var mistaken: [String] = []

    init(_ entries: [Node.Entry], _ reading: Reading) {
        self.reading = reading
        self.entries = entries
        self.wasRead = Array(repeating: false, count: entries.count)
        self.isDeclaring = false
        // A kind has about so many fields; growing from none is dearer than reading them.
        known.reserveCapacity(24)
        canonical.reserveCapacity(entries.count)
    }

    private init(declaring: Void) {
        self.reading = Reading(path: nil, document: .start)
        self.entries = []
        self.wasRead = []
        self.isDeclaring = true
    }

    // MARK: Reads

    /// A field that must be there; nil after a report when it is missing or wrong.
    mutating func required<Value>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, _ about: StaticString, _ effect: Effect
    ) -> Value? {
        declare(name, shape(), about, .required, effect)
        guard let entry = take(name) else {
            if !isDeclaring {
                absences.append(
                    Absence(
                        names: [name], code: .fieldMissing, message: "`\(name)` is missing",
                        hint: "`\(name)` is \(about)" + example(of: shape())))
            }
            return nil
        }
        if effect == .notYet { reading.markUnenforced(name, at: entry.keyExtent) }
        return decode(entry, shape()).map { keep(name, $0) }
    }

    /// A field that may be left out; nil also after a report.
    mutating func optional<Value>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, _ about: StaticString, _ effect: Effect
    ) -> Value? {
        declare(name, shape(), about, .optional, effect)
        guard let entry = take(name) else { return nil }
        if effect == .notYet { reading.markUnenforced(name, at: entry.keyExtent) }
        return decode(entry, shape()).map { keep(name, $0) }
    }

    /// A field with a default, which the canonical form leaves out.
    mutating func value<Value: Equatable>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, default initial: Value, shown: String? = nil, _ about: StaticString,
        _ effect: Effect
    ) -> Value {
        declare(name, shape(), about, .optional, effect, initial: shown)
        guard let entry = take(name) else { return initial }
        let decoded = decode(entry, shape())
        if decoded?.value == initial { return initial }
        if effect == .notYet { reading.markUnenforced(name, at: entry.keyExtent) }
        return decoded.map { keep(name, $0) } ?? initial
    }

    /// Which one of several fields is given; nil after a report when it is none, or more than one.
    mutating func exactlyOne(of names: [String]) -> String? {
        if isDeclaring {
            for index in declarations.indices where names.contains(declarations[index].name) {
                declarations[index].alternatives = names
            }
            return nil
        }
        let given = entries.filter { names.contains($0.key) }
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        if given.isEmpty { absences.append(Absence(names: names, code: .alternativeMissing, message: "one of \(list) is missing")) }
        if given.count > 1 {
            let isInherited = given[0].keyExtent.source != given[1].keyExtent.source
            reading.report(
                .alternativesMixed, given[1].keyExtent, "`\(given[0].key)` and `\(given[1].key)` exclude each other",
                hint: isInherited
                    ? "clear what is inherited with `\(given[0].key): null`" : "give exactly one of \(list)",
                related: [(given[0].keyExtent, isInherited ? "the other one, from a folder" : "the other one")])
        }
        return given.count == 1 ? given[0].key : nil
    }

    /// Reports that `needed` is missing where `name` is given. Asked after both were read; the caller may have a better
    /// word for it, and only declare it here.
    mutating func require(_ needed: String, beside name: String, reports: Bool = true) {
        if isDeclaring {
            for index in declarations.indices where declarations[index].name == name {
                declarations[index].needs.append(needed)
            }
        } else if reports, isGiven(name), !isGiven(needed), !isMeant(needed) {
            report(.fieldMissing, at: extent(of: name), "`\(needed)` is missing beside `\(name)`")
        }
    }

    /// Whether one of several fields is given; false after a report.
    mutating func atLeastOne(of names: [String]) -> Bool {
        if isDeclaring {
            for index in declarations.indices where names.contains(declarations[index].name) {
                declarations[index].alternatives = names
                declarations[index].alternativesMayMix = true
            }
            return true
        }
        if entries.contains(where: { names.contains($0.key) }) { return true }
        absences.append(
            Absence(
                names: names, code: .alternativeMissing,
                message: "one of \(names.map { "`\($0)`" }.joined(separator: ", ")) is missing"))
        return false
    }

    /// Declares what the caller checks by itself: that `name` is needed, or means something only, where `field` has one
    /// of these values. Said before the reading gives up, so that it is heard of without a document too.
    mutating func state(
        _ name: String, _ sort: FieldCondition.Sort, where field: String, is values: [String], orMissing: Bool = false
    ) {
        let condition = FieldCondition(sort: sort, field: field, values: values, orMissing: orMissing)
        for index in declarations.indices where declarations[index].name == name {
            declarations[index].conditions.append(condition)
        }
    }

    // MARK: What checks inside one resource need

    /// Whether one of several is given, or may be by another name; true while only declaring.
    func isAnyGiven(_ names: [String]) -> Bool {
        isDeclaring || entries.contains { names.contains($0.key) } || names.contains(where: isMeant)
    }

    func isGiven(_ name: String) -> Bool { entries.contains { $0.key == name } }

    /// Whether a field's value is not known, so that no more follows from it: it, or something in it, is wrong, or it is
    /// given by a wrong name.
    func isMistaken(_ name: String) -> Bool { mistaken.contains(name) || isMeant(name) }

    /// Whether a field is given by a name that is none, or may be by a merge key. Asked after all were read.
    func isMeant(_ name: String) -> Bool {
        zip(entries, wasRead).contains { entry, wasRead in !wasRead && (entry.isMergeKey || meant(by: entry) == name) }
    }

    /// Whether a field that is a list is missing or `[]`; false when it is something else, which was reported.
    func isLeftEmpty(_ name: String) -> Bool {
        guard !isDeclaring else { return false }
        guard let entry = entries.first(where: { $0.key == name }) else { return !isMeant(name) }
        if case .sequence(let items) = entry.value.content { return items.isEmpty }
        return false
    }

    /// Where a field's value stands, or where it should.
    func extent(of name: String) -> Extent {
        entries.first { $0.key == name }?.value.extent ?? reading.keyExtent
    }

    /// Where the items of a field that is a list stand.
    func itemExtents(of name: String) -> [Extent] {
        guard let entry = entries.first(where: { $0.key == name }) else { return [] }
        guard case .sequence(let items) = entry.value.content else { return [] }
        return items.map(\.extent)
    }

    /// A field's value as it was written.
    func node(of name: String) -> Node? { entries.first { $0.key == name }?.value }

    /// The items of a field that is a list, as they were written.
    func items(of name: String) -> [Node] { node(of: name)?.items ?? [] }

    func mappingEntries(of name: String) -> [Node.Entry] {
        guard let entry = entries.first(where: { $0.key == name }) else { return [] }
        guard case .mapping(let inner) = entry.value.content else { return [] }
        return inner
    }

    func report(_ code: DiagnosticCode, at extent: Extent, _ message: String, hint: String? = nil) {
        reading.report(code, extent, message, hint: hint)
    }

    /// Says that what a field holds is accepted, not enforced.
    func markUnenforced(_ part: String, in name: String) {
        guard let entry = entries.first(where: { $0.key == name }) else { return }
        reading.markUnenforced(part, at: entry.keyExtent)
    }

    /// Says so of single items of a list of texts.
    func markUnenforced(itemsOf name: String, as shown: (String) -> String, where isUnenforced: (String) -> Bool) {
        for item in items(of: name) {
            if let text = item.text, isUnenforced(text) { reading.markUnenforced(shown(text), at: item.extent) }
        }
    }

    /// Reports the fields that nobody asked for, and those that are not there. Called once, after the last read.
    func finish() {
        for absence in absences where !absence.names.contains(where: isMeant) {
            reading.report(absence.code, reading.keyExtent, absence.message, hint: absence.hint)
        }
        for (entry, wasRead) in zip(entries, wasRead) where !wasRead && !entry.isMergeKey {
            if reading.refusesLookalike(in: entry.key, entry.keyExtent, as: .identifier, among: known) { continue }
            reading.report(
                .fieldUnknown, entry.keyExtent, "unknown field `\(entry.key)`",
                hint: Suggestion.hint(for: entry.key, among: known))
        }
    }

    // MARK: Inside

    private mutating func take(_ name: String) -> Node.Entry? {
        known.append(name)
        guard let index = entries.firstIndex(where: { $0.key == name }) else { return nil }
        wasRead[index] = true
        return entries[index]
    }

    /// The known name that an unknown one stands for.
    private func meant(by entry: Node.Entry) -> String? {
        Suggestion.nearest(to: Lookalikes.ascii(of: entry.key) ?? entry.key, among: known)
    }

    private mutating func decode<Value>(_ entry: Node.Entry, _ shape: Shape<Value>) -> Decoded<Value>? {
        let errorsBefore = reading.errorCount
        let decoded = reading.within(entry.key, key: entry.keyExtent, entry.value) { shape.read(entry.value, reading) }
        if decoded == nil || reading.errorCount > errorsBefore { mistaken.append(entry.key) }
        return decoded
    }

    private mutating func keep<Value>(_ name: String, _ decoded: Decoded<Value>) -> Value {
        canonical.append(CanonicalJSON.Field(name, decoded.canonical))
        return decoded.value
    }

    private func example<Value>(of shape: Shape<Value>) -> String {
        shape.describe().example.map { ", such as `\($0)`" } ?? ""
    }

    private mutating func declare<Value>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, _ about: StaticString, _ presence: FieldDeclaration.Presence,
        _ effect: Effect, initial: String? = nil
    ) {
        guard isDeclaring else { return }
        declarations.append(
            FieldDeclaration(
                name: name, shape: shape().describe(), about: about.description, presence: presence, effect: effect,
                initial: initial))
    }

    /// The fields that a type reads, in that order.
    static func declared<Set: FieldSet>(by type: Set.Type) -> [FieldDeclaration] {
        declared { _ = Set(from: &$0) }
    }

    /// The fields that `read` asks for.
    static func declared(_ read: (inout Fields) -> Void) -> [FieldDeclaration] {
        var fields = Fields(declaring: ())
        read(&fields)
        return fields.declarations
    }
}

/// That none of some fields is given.
private struct Absence {
    var names: [String]
    var code: DiagnosticCode
    var message: String
    var hint: String?
}
