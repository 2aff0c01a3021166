/// The SHA-256 of a presented secret, as four big-endian lanes.
package struct KeyDigest: Hashable, Sendable {
    package let lanes: (UInt64, UInt64, UInt64, UInt64)

    package init(lanes: (UInt64, UInt64, UInt64, UInt64)) { self.lanes = lanes }

    /// Nil unless there are exactly 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func lane(_ index: Int) -> UInt64 {
            bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        lanes = (lane(0), lane(1), lane(2), lane(3))
    }

    /// Looks at all lanes, so that its time tells nothing of where two differ.
    package static func == (a: KeyDigest, b: KeyDigest) -> Bool {
        // In Swift `^` and `|` have one precedence.
        (a.lanes.0 ^ b.lanes.0) | (a.lanes.1 ^ b.lanes.1) | (a.lanes.2 ^ b.lanes.2) | (a.lanes.3 ^ b.lanes.3) == 0
    }

    /// A digest is as good as random, so its lanes folded together spread as well as all of them.
    package func hash(into hasher: inout Hasher) { hasher.combine(lanes.0 ^ lanes.1 ^ lanes.2 ^ lanes.3) }
}
