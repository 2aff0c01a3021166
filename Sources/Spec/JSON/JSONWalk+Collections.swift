extension JSONWalk {
    package struct Member: Sendable {
        /// Between the quotation marks, escapes as written.
        package var name: Range<Int>
        package var value: Range<Int>
    }

    /// The members of the object that begins here.
    package mutating func members() throws(JSONProblem) -> [Member] {
        var members: [Member] = []
        guard try enter("{", "}") else { return members }
        repeat { members.append(Member(name: try name(), value: try value())) } while try continues(to: "}")
        return members
    }

    /// Where the elements of the list that begins here stand.
    package mutating func elements() throws(JSONProblem) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        guard try enter("[", "]") else { return elements }
        repeat { elements.append(try value()) } while try continues(to: "]")
        return elements
    }

    /// The string that stands there, or any other value as it is written.
    package func string(at value: Range<Int>) -> String {
        guard let first = bytes[value].first, first == UInt8(ascii: "\"") else { return text(value) }
        return unescaped(value.dropFirst().dropLast())
    }
}
