/// A canonical text taken apart into its fields: everything under nested objects, with arrays and empty objects whole.
///
/// Names and values are kept as they are written, so that what is put together again is the same text, byte for byte.
struct CanonicalFields: Hashable, Sendable {
    /// JSON pointer to JSON text. Names in the pointer keep the escapes they have in JSON.
    private(set) var values: [String: String] = [:]

    init(values: [String: String]) { self.values = values }

    /// Nil unless putting the fields together gives the same text: such a text is only ever kept whole.
    init?(_ canonical: String) {
        let scanner = JSONScanner(canonical)
        guard let end = try? take(scanner, under: ""), end == scanner.bytes.count else { return nil }
    }

    /// The object again, members in the byte order of their names.
    var text: String {
        var root = Node()
        for (pointer, value) in values { root.insert(value, at: pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()) }
        return root.text
    }

    mutating func set(_ field: String, _ value: String?) { values[field] = value }

    /// Takes the object where the scanner stands, and tells where it ends.
    ///
    /// Malformed is also what `text` would write otherwise: space between tokens, or names that do not ascend.
    @discardableResult
    private mutating func take(_ scanner: JSONScanner, under pointer: String) throws(JSONScanner.Malformed) -> Int {
        var scanner = scanner
        var end = scanner.index
        var last: Range<Int>?
        for member in try scanner.members() {
            guard member.name.lowerBound == end + 2, member.value.lowerBound == member.name.upperBound + 2,
                last.map({ scanner.bytes[$0].lexicographicallyPrecedes(scanner.bytes[member.name]) }) ?? true
            else { throw JSONScanner.Malformed() }
            (end, last) = (member.value.upperBound, member.name)
            let path = pointer + "/" + Self.escaped(scanner.text(member.name))
            let inner = JSONScanner(scanner.bytes, from: member.value.lowerBound)
            let isEmpty = member.value.count == Self.emptyObjectCount
            if inner.isAtObject, !isEmpty { try take(inner, under: path) } else { values[path] = scanner.text(member.value) }
        }
        guard last != nil, scanner.index == end + 1 else { throw JSONScanner.Malformed() }
        return scanner.index
    }

    /// `{}`
    private static let emptyObjectCount = 2

    /// RFC 6901 §3
    private static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }
}

extension CanonicalFields {
    /// A member on the way back to text.
    private struct Node {
        private var value: String?
        private var children: [String: Node] = [:]

        mutating func insert(_ value: String, at path: ArraySlice<Substring>) {
            guard let first = path.first else {
                self.value = value
                return
            }
            children[Self.unescaped(first), default: Node()].insert(value, at: path.dropFirst())
        }

        var text: String {
            if let value { return value }
            let members = children.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return "{" + members.map { "\"\($0.key)\":\($0.value.text)" }.joined(separator: ",") + "}"
        }

        private static func unescaped(_ name: Substring) -> String {
            guard name.contains("~") else { return String(name) }
            var text = ""
            var isEscape = false
            for character in name {
                if isEscape { text.append(character == "0" ? "~" : "/") } else if character != "~" { text.append(character) }
                isEscape = !isEscape && character == "~"
            }
            return text
        }
    }
}
