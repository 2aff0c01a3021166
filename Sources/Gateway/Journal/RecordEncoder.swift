/// Appends the journal's primitives to a buffer: integers as LEB128 (signed ones zigzag), text with its length.
struct RecordEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
    mutating func removeFirst(_ count: Int) { bytes.removeFirst(count) }

    mutating func put(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func put(_ value: Int64) {
        put(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func put(_ value: Int) { put(Int64(value)) }
    mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }
    mutating func put(byte: UInt8) { bytes.append(byte) }

    mutating func put(_ value: String) {
        put(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    /// An absent text and an empty one stay apart.
    mutating func put(_ value: String?) {
        put(value != nil)
        if let value { put(value) }
    }

    mutating func put(_ value: DecisionID) {
        putFixed(value.high)
        putFixed(value.low)
    }

    mutating func putFixed(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends one framed record: length and checksum of its payload, then the payload that `write` puts.
    mutating func frame(_ kind: RecordKind, _ write: (inout RecordEncoder) -> Void) {
        let start = bytes.count
        putFixed(0)
        put(byte: RecordFrame.version)
        put(byte: kind.rawValue)
        write(&self)
        let payload = start + RecordFrame.headerBytes
        let length = UInt32(bytes.count - payload)
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[payload...])) }
        let header = UInt64(length) | UInt64(checksum) << 32
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: header.littleEndian, toByteOffset: start, as: UInt64.self) }
    }
}
