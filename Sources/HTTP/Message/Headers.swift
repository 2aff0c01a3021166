/// Header fields in their order, duplicates kept. Names compare without regard to case.
///
/// All text lies in one buffer; a field is four numbers. A string is made only when asked for.
package struct Headers: Sendable {
    var bytes: [UInt8]
    var fields: [Field]
    /// Whether `bytes` are the field lines as they go out, with no field among them that the connection sets itself.
    private(set) var isReady: Bool

    struct Field: Sendable {
        var nameStart: UInt32
        var nameCount: UInt32
        var valueStart: UInt32
        var valueCount: UInt32

        var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
        var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
    }

    package init() {
        bytes = []
        fields = []
        isReady = true
    }

    init(bytes: [UInt8], fields: [Field]) {
        self.bytes = bytes
        self.fields = fields
        isReady = false
    }

    package var count: Int { fields.count }
    package var isEmpty: Bool { fields.isEmpty }

    /// The value of the first field of that name, as text.
    package subscript(name: String) -> String? {
        withValue(name) { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of all fields of that name.
    package func values(_ name: String) -> [String] {
        var values: [String] = []
        forEach { fieldName, value in
            if Self.matches(fieldName, name) { values.append(String(decoding: value, as: UTF8.self)) }
        }
        return values
    }

    package func contains(_ name: String) -> Bool { withValue(name) { _ in true } ?? false }

    /// Calls `body` with the bytes of the first value of that name, valid during the call; nil when there is none.
    package func withValue<Result>(
        _ name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result? {
        try bytes.withUnsafeBytes { all in
            for field in fields where Self.matches(all.slice(field.name), name) {
                return try body(all.slice(field.value))
            }
            return nil
        }
    }

    /// Calls `body` with the bytes of each name and value in order, valid during the call.
    package func forEach(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { all in
            for field in fields { body(all.slice(field.name), all.slice(field.value)) }
        }
    }

    /// Appends a field of a name that is a literal, and so known to be a token. Control characters in a value become
    /// spaces, so that no text can begin a line of its own.
    package mutating func add(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { add(name, UnsafeRawBufferPointer($0)) }
    }

    package mutating func add(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        append(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) { $0.append(value: value) }
    }

    package mutating func add(_ name: StaticString, decimal value: Int) {
        append(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) { $0.append(decimal: value) }
    }

    /// Appends a field whose value `write` makes, of characters that a field may have.
    package mutating func add(_ name: StaticString, _ write: (inout [UInt8]) -> Void) {
        append(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value: write)
    }

    /// Appends a field whose name comes from elsewhere. One that is no token adds nothing.
    package mutating func add(named name: String, _ value: String) {
        var (name, value) = (name, value)
        name.withUTF8 { name in
            value.withUTF8 { add(named: UnsafeRawBufferPointer(name), UnsafeRawBufferPointer($0)) }
        }
    }

    package mutating func add(named name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard !name.isEmpty, name.allSatisfy(Bytes.isToken) else { return }
        append(name) { $0.append(value: value) }
    }

    private mutating func append(_ name: UnsafeRawBufferPointer, value: (inout [UInt8]) -> Void) {
        if fields.isEmpty { reserve() }
        let nameStart = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(Bytes.colon)
        bytes.append(Bytes.space)
        let valueStart = bytes.count
        value(&bytes)
        let valueEnd = bytes.count
        bytes.append(Bytes.carriageReturn)
        bytes.append(Bytes.lineFeed)
        if isReady { isReady = !HopByHop.isSetByConnection(name) }
        fields.append(Field(
            nameStart: UInt32(nameStart), nameCount: UInt32(name.count),
            valueStart: UInt32(valueStart), valueCount: UInt32(valueEnd - valueStart)))
    }

    /// Sets aside at once what most heads need, so that their fields move no others.
    private mutating func reserve() {
        bytes.reserveCapacity(Self.bytesUsual)
        fields.reserveCapacity(Self.fieldsUsual)
    }

    private static let bytesUsual = 512
    private static let fieldsUsual = 16

    /// Removes all fields of that name and appends one.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(named: name, value)
    }

    /// Removes all fields of that name.
    package mutating func remove(_ name: String) {
        removeFields { Self.matches($0, name) }
    }

    mutating func removeFields(where isUnwanted: (UnsafeRawBufferPointer) -> Bool) {
        bytes.withUnsafeBytes { all in
            guard fields.contains(where: { isUnwanted(all.slice($0.name)) }) else { return }
            fields.removeAll { isUnwanted(all.slice($0.name)) }
            isReady = false
        }
    }

    static func matches(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        var index = 0
        for byte in name.utf8 {
            if Bytes.lowercased(bytes[index]) != Bytes.lowercased(byte) { return false }
            index += 1
        }
        return true
    }
}

extension [UInt8] {
    /// Appends a field's value, trimmed, with spaces for control characters.
    fileprivate mutating func append(value: UnsafeRawBufferPointer) {
        let value = value.trimmed
        let start = count
        append(contentsOf: value)
        // Looks at every byte without a branch in the loop, so that the compiler takes many bytes a step.
        var found: UInt8 = 0
        for byte in value { found |= Bytes.isFieldContent(byte) ? 0 : 1 }
        guard found != 0 else { return }
        for index in start..<count where !Bytes.isFieldContent(self[index]) { self[index] = Bytes.space }
    }

    /// Appends a number in decimal digits.
    package mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(value.magnitude, radix: 10)
    }

    /// In line, since dividing by a constant is a multiplication.
    @inline(__always)
    mutating func append(_ value: UInt, radix: UInt) {
        withUnsafeTemporaryAllocation(byteCount: UInt.bitWidth, alignment: 1) { digits in
            var rest = value
            var start = digits.count
            repeat {
                let digit = UInt8(truncatingIfNeeded: rest % radix)
                rest /= radix
                start -= 1
                digits[start] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            } while rest > 0
            append(contentsOf: UnsafeRawBufferPointer(digits).slice(from: start))
        }
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(named: name, value) }
    }
}

extension Headers: CustomStringConvertible {
    package var description: String {
        var lines: [String] = []
        forEach { lines.append(String(decoding: $0, as: UTF8.self) + ": " + String(decoding: $1, as: UTF8.self)) }
        return lines.joined(separator: "\n")
    }
}
