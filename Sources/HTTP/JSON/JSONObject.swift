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

    /// The value of the only member of that name, compared unescaped. Throws when there are two: of the two servers that
    /// read the text, each may believe another.
    package func only(_ name: String) throws(JSONError) -> JSONValue? {
        var found: JSONValue?
        for member in self where member.isNamed(name) {
            if found != nil { throw JSONError(.duplicateName, at: member.nameRange.lowerBound) }
            found = member.value
        }
        return found
    }

    package func makeIterator() -> Iterator { Iterator(cursor: JSONCursor(inside: value)) }

    package struct Iterator: IteratorProtocol {
        var cursor: JSONCursor

        package mutating func next() -> JSONMember? { cursor.nextMember() }
    }
}
