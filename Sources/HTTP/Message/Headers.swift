/// Header fields in their order, duplicates kept. Names compare without regard to case.
///
/// All text lies in one buffer; a field is four numbers. A string is made only when asked for.
package struct Headers: Sendable {
    var bytes: [UInt8]
    var fields: [Field]

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
    }

    init(bytes: [UInt8], fields: [Field]) {
        self.bytes = bytes
        self.fields = fields
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

    /// Appends a field. A name that is no token adds nothing; control characters in a value become spaces, so that no
    /// text can begin a line of its own.
    package mutating func add(_ name: String, _ value: String) {
        var value = value
        value.withUTF8 { add(name, UnsafeRawBufferPointer($0)) }
    }

    /// Sets aside at once what most heads need, so that their fields move no others.
    private mutating func reserve() {
        bytes.reserveCapacity(Self.bytesUsual)
        fields.reserveCapacity(Self.fieldsUsual)
    }

    private static let bytesUsual = 512
    private static let fieldsUsual = 16

    package mutating func add(_ name: String, _ value: UnsafeRawBufferPointer) {
        var name = name
        name.withUTF8 { add(UnsafeRawBufferPointer($0), value) }
    }

    package mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard !name.isEmpty, name.allSatisfy(Bytes.isToken) else { return }
        if fields.isEmpty { reserve() }
        let value = value.trimmed
        let nameStart = bytes.count
        bytes.append(contentsOf: name)
        let valueStart = bytes.count
        bytes.append(contentsOf: value)
        if !value.allSatisfy(Bytes.isFieldContent) {
            for index in valueStart..<bytes.count where !Bytes.isFieldContent(bytes[index]) { bytes[index] = Bytes.space }
        }
        fields.append(Field(
            nameStart: UInt32(nameStart), nameCount: UInt32(name.count),
            valueStart: UInt32(valueStart), valueCount: UInt32(value.count)))
    }

    /// Removes all fields of that name and appends one.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Removes all fields of that name.
    package mutating func remove(_ name: String) {
        removeFields { Self.matches($0, name) }
    }

    mutating func removeFields(where isUnwanted: (UnsafeRawBufferPointer) -> Bool) {
        bytes.withUnsafeBytes { all in
            guard fields.contains(where: { isUnwanted(all.slice($0.name)) }) else { return }
            fields.removeAll { isUnwanted(all.slice($0.name)) }
        }
    }

    private static func matches(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        var index = 0
        for byte in name.utf8 {
            if Bytes.lowercased(bytes[index]) != Bytes.lowercased(byte) { return false }
            index += 1
        }
        return true
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension Headers: CustomStringConvertible {
    package var description: String {
        var lines: [String] = []
        forEach { lines.append(String(decoding: $0, as: UTF8.self) + ": " + String(decoding: $1, as: UTF8.self)) }
        return lines.joined(separator: "\n")
    }
}
