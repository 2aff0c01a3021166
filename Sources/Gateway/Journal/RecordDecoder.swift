/// A record whose checksum fits but whose content cannot be read.
struct RecordFault: Error {
    var reason: String
}

/// Reads what `RecordEncoder` wrote; every read is bounded by the payload.
struct RecordDecoder {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private let names: SegmentNames
    /// Of the record, once it is read.
    var version = RecordFrame.version

    init(_ bytes: UnsafeRawBufferPointer, names: SegmentNames) {
        self.bytes = bytes
        self.names = names
    }

    func terms(_ number: Int64) throws(RecordFault) -> AttemptTerms {
        guard let terms = names.terms[number] else { throw RecordFault(reason: "terms \(number) are not in the segment") }
        return terms
    }

    func form(_ number: Int64) throws(RecordFault) -> FormRecord {
        guard let form = names.forms[number] else { throw RecordFault(reason: "form \(number) is not in the segment") }
        return form
    }

    mutating func byte() throws(RecordFault) -> UInt8 {
        guard offset < bytes.count else { throw RecordFault(reason: "the payload ends early") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func unsigned() throws(RecordFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
            shift += 7
        }
        throw RecordFault(reason: "an integer is too long")
    }

    mutating func signed() throws(RecordFault) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func int() throws(RecordFault) -> Int { Int(clamping: try signed()) }
    mutating func bool() throws(RecordFault) -> Bool { try byte() != 0 }

    mutating func fixed() throws(RecordFault) -> UInt64 {
        guard bytes.count - offset >= 8 else { throw RecordFault(reason: "the payload ends early") }
        defer { offset += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    mutating func string() throws(RecordFault) -> String {
        let length = try unsigned()
        guard length <= UInt64(bytes.count - offset) else { throw RecordFault(reason: "a text is too long") }
        defer { offset += Int(length) }
        return String(decoding: bytes[offset..<(offset + Int(length))], as: UTF8.self)
    }

    mutating func optionalString() throws(RecordFault) -> String? {
        try bool() ? try string() : nil
    }

    mutating func decision() throws(RecordFault) -> DecisionID {
        let high = try fixed()
        return DecisionID(high: high, low: try fixed())
    }

    /// The count of a list whose elements take at least one byte each.
    mutating func count() throws(RecordFault) -> Int {
        let value = try unsigned()
        guard value <= UInt64(bytes.count - offset) else { throw RecordFault(reason: "a list is too long") }
        return Int(value)
    }
}
