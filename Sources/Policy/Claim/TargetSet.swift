/// A set of positions among a claim's targets, one bit each; those beyond the last bit share it.
struct TargetSet: Hashable, Sendable {
    private(set) var bits: UInt64

    static let none = TargetSet(bits: 0)
    static let all = TargetSet(bits: .max)

    init(bits: UInt64) { self.bits = bits }

    init(position: Int) { bits = 1 << UInt64(min(position, Self.last)) }

    /// All of so many targets.
    init(count: Int) { bits = count > Self.last ? .max : 1 << UInt64(count) - 1 }

    var isEmpty: Bool { bits == 0 }

    func contains(_ position: Int) -> Bool { bits & TargetSet(position: position).bits != 0 }
    func isSuperset(of other: TargetSet) -> Bool { other.bits & ~bits == 0 }
    mutating func insert(_ position: Int) { bits |= TargetSet(position: position).bits }
    mutating func formUnion(_ other: TargetSet) { bits |= other.bits }

    private static let last = 63
}
