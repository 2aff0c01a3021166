/// The Castagnoli checksum (RFC 3720 appendix B.4), eight bytes a step.
enum CRC32C {
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { table in
            var crc = UInt32.max
            var index = 0
            let wholeSteps = bytes.count & ~7
            while index < wholeSteps {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ UInt64(crc)
                crc = table[Int(0x700 | (word & 0xFF))] ^ table[Int(0x600 | (word >> 8 & 0xFF))]
                    ^ table[Int(0x500 | (word >> 16 & 0xFF))] ^ table[Int(0x400 | (word >> 24 & 0xFF))]
                    ^ table[Int(0x300 | (word >> 32 & 0xFF))] ^ table[Int(0x200 | (word >> 40 & 0xFF))]
                    ^ table[Int(0x100 | (word >> 48 & 0xFF))] ^ table[Int(word >> 56)]
                index += 8
            }
            while index < bytes.count {
                crc = table[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ (crc >> 8)
                index += 1
            }
            return ~crc
        }
    }

    /// The polynomial 0x1EDC6F41 with its bits reversed.
    private static let polynomial: UInt32 = 0x82F6_3B78

    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = tables[Int(before & 0xFF)] ^ (before >> 8)
        }
        return tables
    }()
}
