/// A canonical text taken apart into its fields, each by its JSON pointer: everything under nested objects, with lists and
/// empty objects whole.
///
/// Names and values are kept as they are written, so that what is put together again is the same text, byte for byte. A text
/// that is not JSON, as a row edited by hand may hold, is one field at the root.
package struct CanonicalFields: Hashable, Sendable {
    /// In the order of the text, then in that of setting. Names in a pointer keep the escapes they have in JSON.
    package private(set) var pointers: [String] = []
    private var values: [String: String] = [:]
    /// Whether these fields are enough to write the text again: it was an object without spaces, its names ascending.
    package private(set) var isExact: Bool

    package init(of canonical: String) {
        var walk = JSONWalk(canonical)
        isExact = true
        do throws(JSONProblem) {
            try take(&walk, at: "")
            try walk.finish()
            isExact = isExact && walk.isTight && values[""] == nil
        } catch {
            (pointers, values, isExact) = ([""], ["": canonical], false)
        }
    }

    /// The JSON text of the field.
    package subscript(pointer: String) -> String? { values[pointer] }

    package mutating func set(_ pointer: String, _ value: String?) {
        let old = values[pointer]
        values[pointer] = value
        if old == nil, value != nil { pointers.append(pointer) }
        if old != nil, value == nil { pointers.removeAll { $0 == pointer } }
    }

    /// The same fields, with every list that holds lists or objects taken apart by index; nothing to write a text from.
    package var leaves: CanonicalFields {
        var leaves = self
        (leaves.pointers, leaves.values, leaves.isExact) = ([], [:], false)
        for pointer in pointers { leaves.append(leavesOf: values[pointer] ?? "", at: pointer) }
        return leaves
    }

    /// The object again, members in the byte order of their names; nil unless the fields are exact.
    package var text: String? {
        guard isExact else { return nil }
        var root = FieldTree()
        for (pointer, value) in values { root.insert(value, at: JSONPointer.names(pointer)[...]) }
        return root.text
    }

    /// A name that occurs twice counts the last time, as in PostgreSQL.
    private mutating func append(_ value: String, at pointer: String) {
        if values.updateValue(value, forKey: pointer) == nil { pointers.append(pointer) } else { isExact = false }
    }

    /// Takes the value where the walk stands.
    private mutating func take(_ walk: inout JSONWalk, at pointer: String) throws(JSONProblem) {
        let start = walk.index
        guard walk.peek == UInt8(ascii: "{") else { return append(walk.text(try walk.value()), at: pointer) }
        guard try walk.enter("{", "}") else { return append(walk.text(start..<walk.index), at: pointer) }
        var last: Range<Int>?
        repeat {
            let name = try walk.name()
            if let last, !walk.bytes[last].lexicographicallyPrecedes(walk.bytes[name]) { isExact = false }
            last = name
            try take(&walk, at: pointer + "/" + JSONPointer.escaped(walk.text(name)))
        } while try walk.continues(to: "}")
    }

    private mutating func append(leavesOf value: String, at pointer: String) {
        var walk = JSONWalk(value)
        guard let elements = try? walk.elements(), (try? walk.finish()) != nil,
            elements.contains(where: { Self.isNested(walk.bytes[$0.lowerBound]) })
        else { return append(value, at: pointer) }
        for (index, element) in elements.enumerated() {
            let fields = CanonicalFields(of: walk.text(element))
            for inner in fields.pointers { append(leavesOf: fields[inner] ?? "", at: "\(pointer)/\(index)\(inner)") }
        }
    }

    private static func isNested(_ first: UInt8) -> Bool { first == UInt8(ascii: "{") || first == UInt8(ascii: "[") }
}

/// Fields on the way back to a text.
private struct FieldTree {
    private var value: String?
    private var members: [String: FieldTree] = [:]

    mutating func insert(_ value: String, at path: ArraySlice<String>) {
        guard let first = path.first else {
            self.value = value
            return
        }
        members[first, default: FieldTree()].insert(value, at: path.dropFirst())
    }

    var text: String {
        if let value { return value }
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return "{" + sorted.map { "\"\($0.key)\":\($0.value.text)" }.joined(separator: ",") + "}"
    }
}
