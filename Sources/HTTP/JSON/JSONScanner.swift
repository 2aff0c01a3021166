/// The single pass over a JSON text: checks everything, keeps only where the top-level members are.
struct JSONScanner {
    let base: UnsafePointer<UInt8>
    let end: Int
    var position = 0
    private(set) var members: [JSONMember] = []

    private var depth = 0
    /// One bit per open container, the innermost lowest: set for an object.
    private var objects: UInt128 = 0
    private var memberName = 0..<0
    private var valueStart = 0
    private var valueKind = JSONValue.Kind.null

    init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { throw JSONError(.empty, at: 0) }
        base = start.assumingMemoryBound(to: UInt8.self)
        end = bytes.count
    }

    mutating func scanDocument() throws(JSONError) -> JSONValue {
        if end >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF { throw JSONError(.byteOrderMark, at: 0) }
        skipSpace()
        if position == end { throw JSONError(.empty, at: position) }
        let start = position
        var hasMore = true
        while hasMore {
            if try scanValueStart() { hasMore = try scanAfterValue() }
        }
        let root = JSONValue(base: base, range: start..<position, kind: JSONValue.Kind(firstByte: base[start]))
        skipSpace()
        if position < end { throw JSONError(.trailingBytes, at: position) }
        return root
    }

    /// Reads a scalar or an empty container whole, or the opening of a container; tells whether a value is complete.
    private mutating func scanValueStart() throws(JSONError) -> Bool {
        skipSpace()
        let byte = try current()
        if depth == 1 {
            valueStart = position
            valueKind = JSONValue.Kind(firstByte: byte)
        }
        switch byte {
        case JSONByte.quote: try scanString()
        case JSONByte.openObject: return try openObject()
        case JSONByte.openArray: return try openArray()
        case JSONByte.minus, JSONByte.zero...JSONByte.nine: try scanNumber()
        case UInt8(ascii: "t"): try scanLiteral("true")
        case UInt8(ascii: "f"): try scanLiteral("false")
        case UInt8(ascii: "n"): try scanLiteral("null")
        default: throw JSONError(.unexpectedByte, at: position)
        }
        return true
    }

    /// Closes what ends here; tells whether another value must follow.
    private mutating func scanAfterValue() throws(JSONError) -> Bool {
        while depth > 0 {
            let isObject = objects & 1 == 1
            if depth == 1 && isObject { recordMember() }
            skipSpace()
            switch try current() {
            case JSONByte.comma:
                position += 1
                if isObject { try scanName() }
                return true
            case JSONByte.closeObject where isObject, JSONByte.closeArray where !isObject: close()
            default: throw JSONError(.unexpectedByte, at: position)
            }
        }
        return false
    }

    private mutating func openObject() throws(JSONError) -> Bool {
        try open(isObject: true)
        skipSpace()
        if try current() == JSONByte.closeObject {
            close()
            return true
        }
        try scanName()
        return false
    }

    private mutating func openArray() throws(JSONError) -> Bool {
        try open(isObject: false)
        skipSpace()
        if try current() != JSONByte.closeArray { return false }
        close()
        return true
    }

    private mutating func open(isObject: Bool) throws(JSONError) {
        if depth == JSONScan.depthMax { throw JSONError(.tooDeep, at: position) }
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
        position += 1
    }

    private mutating func close() {
        depth -= 1
        objects >>= 1
        position += 1
    }

    private mutating func scanName() throws(JSONError) {
        skipSpace()
        let start = position
        if try current() != JSONByte.quote { throw JSONError(.unexpectedByte, at: position) }
        try scanString()
        if depth == 1 { memberName = start..<position }
        skipSpace()
        if try current() != JSONByte.colon { throw JSONError(.unexpectedByte, at: position) }
        position += 1
    }

    private mutating func recordMember() {
        if members.isEmpty { members.reserveCapacity(16) }
        let value = JSONValue(base: base, range: valueStart..<position, kind: valueKind)
        members.append(JSONMember(nameRange: memberName, value: value))
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < end && JSONByte.isSpace(base[position]) { position += 1 }
    }

    @inline(__always)
    func current() throws(JSONError) -> UInt8 {
        if position == end { throw JSONError(.unexpectedEnd, at: position) }
        return base[position]
    }

    private mutating func scanLiteral(_ literal: StaticString) throws(JSONError) {
        let length = literal.utf8CodeUnitCount
        for index in 0..<length where position + index == end || base[position + index] != literal.utf8Start[index] {
            throw JSONError(.invalidLiteral, at: position)
        }
        position += length
    }
}
