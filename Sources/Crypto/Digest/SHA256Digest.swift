/// The 32 bytes of a SHA-256, kept as four big-endian 64-bit lanes so that comparing and hashing cost four words.
package struct SHA256Digest: Hashable, Sendable {
    package var lanes: (UInt64, UInt64, UInt64, UInt64)

    package init(lanes: (UInt64, UInt64, UInt64, UInt64)) {
        self.lanes = lanes
    }

    /// Reads exactly 32 bytes; nil for any other length.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(lanes: bytes.withUnsafeBytes { Self.lanes(of: $0) })
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    package init?(hex: String) {
        guard let bytes = Hex.bytes(hex) else { return nil }
        self.init(bytes: bytes)
    }

    package static let byteCount = 32

    /// 64 lower-case hexadecimal digits.
    package var hex: String { Hex.text(bytes) }

    /// The 32 bytes in the order in which SHA-256 prints them.
    package var bytes: [UInt8] {
        [lanes.0, lanes.1, lanes.2, lanes.3].flatMap { lane in
            withUnsafeBytes(of: lane.bigEndian) { Array($0) }
        }
    }

    package static func == (a: SHA256Digest, b: SHA256Digest) -> Bool { a.lanes == b.lanes }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(lanes.0)
        hasher.combine(lanes.1)
        hasher.combine(lanes.2)
        hasher.combine(lanes.3)
    }

    /// `buffer` holds at least `byteCount` bytes.
    static func lanes(of buffer: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        func lane(_ index: Int) -> UInt64 {
            UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        return (lane(0), lane(1), lane(2), lane(3))
    }
}

extension SHA256Digest: CustomStringConvertible {
    package var description: String { hex }
}
