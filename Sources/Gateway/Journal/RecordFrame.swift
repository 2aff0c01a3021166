/// How a record lies in a segment: 4 bytes length, 4 bytes CRC-32C of the payload (both little-endian), payload.
///
/// The payload begins with a version byte and a kind byte.
enum RecordFrame {
    static let headerBytes = 8
    /// Version 6 has prices by size and class of service, and counts images; version 5 tells which attempt was the request's last,
    /// version 4 has the key's tags and flags of usage; version 3 names the forms of decision records once per segment,
    /// version 2 only the terms of attempts.
    static let version: UInt8 = 6
    /// What an older gateway may have left behind is read too. Version 1 was never released.
    static let versionsRead: ClosedRange<UInt8> = 2...version
    /// Longer than any record this gateway writes; a length above it is damage, not a record.
    static let payloadBytesMax = 1 << 20

    /// Of a whole record.
    static let bytesMax = headerBytes + payloadBytesMax

    /// What stands at an offset of a segment.
    enum Reading {
        case record(JournalRecord, end: Int)
        /// The bytes end inside a record: it is still being written, or was torn by a crash.
        case incomplete
        /// Not a record: the checksum differs, or the content contradicts itself.
        case damaged(String)
    }

    /// `names` are those that the segment has given before `offset`.
    static func read(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, names: SegmentNames = SegmentNames()
    ) -> Reading {
        guard bytes.count - offset >= headerBytes else { return .incomplete }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        guard length >= 2, length <= payloadBytesMax else { return .damaged("length \(length)") }
        let start = offset + headerBytes
        guard bytes.count - start >= length else { return .incomplete }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)])
        guard CRC32C.checksum(payload) == checksum else { return .damaged("checksum") }
        var decoder = RecordDecoder(payload, names: names)
        do {
            return .record(try JournalRecord(from: &decoder), end: start + length)
        } catch {
            return .damaged(error.reason)
        }
    }

    /// Where the first readable record begins, whatever is before it.
    static func firstRecord(in bytes: UnsafeRawBufferPointer, names: SegmentNames) -> Int? {
        for offset in 0..<max(0, bytes.count - headerBytes - 1) where mayBegin(bytes, at: offset) {
            if case .record = read(bytes, at: offset, names: names) { return offset }
        }
        return nil
    }

    /// Whether length, version and kind are those of some record: of random bytes one place in ten million.
    private static func mayBegin(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        versionsRead.contains(bytes[offset + headerBytes]) && RecordKind(rawValue: bytes[offset + headerBytes + 1]) != nil
            && Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) <= payloadBytesMax
    }
}

enum RecordKind: UInt8 {
    case segment = 1
    case opened = 2
    case progress = 3
    case settled = 4
    case carried = 5
    case terms = 6
    case form = 7
}
