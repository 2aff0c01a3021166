/// What a resource is across renames: its uid as 128 bits, so that counters are found without hashing text.
package struct Lineage: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// A UUID keeps its own bits; any other text is hashed.
    package init(uid: String) {
        let value = Self.uuidBits(of: uid) ?? StableHash.wide(of: uid)
        high = UInt64(truncatingIfNeeded: value >> 64)
        low = UInt64(truncatingIfNeeded: value)
    }

    /// The lower half alone spreads well enough; equality still compares both.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }

    private static func uuidBits(of uid: String) -> UInt128? {
        var bits: UInt128 = 0
        var digits = 0
        for byte in uid.utf8 where byte != UInt8(ascii: "-") {
            guard let nibble = hexadecimalDigit(byte) else { return nil }
            bits = bits << 4 | UInt128(nibble)
            digits += 1
        }
        return digits == 32 && uid.utf8.count == 36 ? bits : nil
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// FNV-1a: the same number for the same text in every process, which `Hasher` does not promise.
enum StableHash {
    static let prime: UInt64 = 0x100_0000_01b3

    static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* prime }
    }

    static func wide(of text: String) -> UInt128 {
        let prime = UInt128(1) << 88 | 0x13b
        let offset = UInt128(0x6c62_272e_07bb_0142) << 64 | UInt128(0x62b8_2175_6295_c58d)
        return text.utf8.reduce(offset) { ($0 ^ UInt128($1)) &* prime }
    }
}
