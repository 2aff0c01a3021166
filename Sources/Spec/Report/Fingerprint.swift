/// What makes a finding the same one after lines above it came or went: FNV-1a of 128 bits
/// (draft-eastlake-fnv, section 5), since it is to tell findings apart and to withstand nobody.
struct Fingerprint: Hashable, Sendable {
    private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    init(_ parts: some Sequence<String>) {
        for part in parts {
            for byte in part.utf8 { mix(byte) }
            // No text has it, so that the parts cannot run into each other.
            mix(0xFF)
        }
    }

    var hex: String { String(state, radix: 16).leftPadded(to: 32) }

    private mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt128(byte)) &* Self.prime
    }

    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
}

extension Report {
    /// One for each finding, from its path, code and message; the ordinal tells equal ones of a file apart. How many findings are
    /// not listed changes without another mistake being made.
    var fingerprints: [Fingerprint] {
        var seen: [Fingerprint: Int] = [:]
        return diagnostics.map { diagnostic in
            let parts = [
                repositoryPath(diagnostic.place?.path ?? ""), diagnostic.code.rawValue, diagnostic.code.isOfUnlisted ? "" : diagnostic.message,
            ]
            let first = Fingerprint(parts)
            let ordinal = seen[first, default: 0]
            seen[first] = ordinal + 1
            return ordinal == 0 ? first : Fingerprint(parts + ["\(ordinal)"])
        }
    }
}
