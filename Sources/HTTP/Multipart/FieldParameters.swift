/// Walks `value; name=value; name="value"` (RFC 9110 §5.6.6). In a quoted value a backslash is itself, as browsers write it; one
/// before a quote is refused, since readers differ on whether the value ends there.
struct FieldParameters {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Whether all that was walked so far keeps the rules.
    private(set) var isWhole = true

    struct Parameter {
        var name: UnsafeRawBufferPointer
        /// Without its quotes.
        var value: UnsafeRawBufferPointer
    }

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// What stands before the first parameter.
    mutating func takeValue() -> UnsafeRawBufferPointer? {
        while position < bytes.count, bytes[position] != Self.semicolon { position += 1 }
        let value = bytes.slice(0..<position).trimmed
        return value.isEmpty ? nil : value
    }

    /// Nil at the end, and at what breaks the rules.
    mutating func next() -> Parameter? {
        guard isWhole else { return nil }
        skipSpace()
        guard position < bytes.count else { return nil }
        guard bytes[position] == Self.semicolon else { return broken() }
        position += 1
        skipSpace()
        // A semicolon with nothing behind it is a habit of some.
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count, Bytes.isToken(bytes[position]) { position += 1 }
        let name = bytes.slice(start..<position)
        guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return broken() }
        position += 1
        guard let value = position < bytes.count && bytes[position] == Self.quote ? takeQuoted() : takeToken() else { return broken() }
        return Parameter(name: name, value: value)
    }

    private mutating func takeToken() -> UnsafeRawBufferPointer? {
        let start = position
        while position < bytes.count, Bytes.isToken(bytes[position]) { position += 1 }
        return position > start ? bytes.slice(start..<position) : nil
    }

    private mutating func takeQuoted() -> UnsafeRawBufferPointer? {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != Self.quote { position += 1 }
        guard position < bytes.count else { return nil }
        let value = bytes.slice(start..<position)
        position += 1
        return value.last == UInt8(ascii: "\\") ? nil : value
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == Bytes.space || bytes[position] == Bytes.tab { position += 1 }
    }

    private mutating func broken() -> Parameter? {
        isWhole = false
        return nil
    }

    private static let semicolon = UInt8(ascii: ";")
    private static let quote = UInt8(ascii: "\"")
}
