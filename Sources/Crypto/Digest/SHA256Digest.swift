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
        var hex = hex
        guard let digest = hex.withUTF8({ SHA256Digest(hexDigits: $0) }) else { return nil }
        self = digest
    }

    /// The same from ASCII, without a string in between.
    package init?(hexDigits digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == Self.byteCount * 2 else { return nil }
        var lanes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for digit in digits {
            guard let value = Hex.value(digit) else { return nil }
            // Each digit shifts all lanes by four bits; what leaves one enters the one before.
            lanes.0 = lanes.0 << 4 | lanes.1 >> 60
            lanes.1 = lanes.1 << 4 | lanes.2 >> 60
            lanes.2 = lanes.2 << 4 | lanes.3 >> 60
            lanes.3 = lanes.3 << 4 | UInt64(value)
        }
        self.init(lanes: lanes)
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
