/// The members of a nested object, found by walking its text.
package struct JSONObject: Sequence {
    package let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    /// The value of the last member of that name, as RFC 8259 §4 says most readers do with a repeated name.
    package subscript(_ name: String) -> JSONValue? {
        var found: JSONValue?
        for member in self where member.isNamed(name) { found = member.value }
        return found
    }

    package func makeIterator() -> Iterator { Iterator(cursor: JSONCursor(inside: value)) }

    package struct Iterator: IteratorProtocol {
        var cursor: JSONCursor

        package mutating func next() -> JSONMember? { cursor.nextMember() }
    }
}
