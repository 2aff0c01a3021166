/// The identity of one admitted or refused request: 48 bits of milliseconds, 80 random bits; later ids sort later.
package struct DecisionID: Hashable, Sendable, Comparable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// From 32 hexadecimal digits.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                buffer[index] = Self.digit(high >> UInt64(60 - 4 * index))
                buffer[index + 16] = Self.digit(low >> UInt64(60 - 4 * index))
            }
            return 32
        }
    }

    package static func < (a: DecisionID, b: DecisionID) -> Bool { (a.high, a.low) < (b.high, b.low) }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}

/// Makes decision ids without a system call; confined to one loop's thread.
struct DecisionIDGenerator {
    /// SplitMix64's state (Steele, Lea, Flood 2014), from the system's randomness.
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(milliseconds: Int64) -> DecisionID {
        let time = UInt64(truncatingIfNeeded: milliseconds) << 16
        return DecisionID(high: time | (draw() & 0xFFFF), low: draw())
    }

    private mutating func draw() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// One attempt at a decision's request: attempts count from 1.
package struct AttemptID: Hashable, Sendable {
    package var decision: DecisionID
    package var attempt: UInt8

    package init(decision: DecisionID, attempt: UInt8) {
        self.decision = decision
        self.attempt = attempt
    }

    /// Half of a decision's id is as good as random; equality still compares all of it.
    package func hash(into hasher: inout Hasher) { hasher.combine(decision.low) }
}
