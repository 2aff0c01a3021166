/// The elements of an array, found by walking its text.
package struct JSONArray: Sequence {
    package let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    package func makeIterator() -> Iterator { Iterator(cursor: JSONCursor(inside: value)) }

    package struct Iterator: IteratorProtocol {
        var cursor: JSONCursor

        package mutating func next() -> JSONValue? { cursor.nextValue() }
    }
}
