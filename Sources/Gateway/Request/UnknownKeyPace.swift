internal import Policy

/// How often each address has shown a key that nobody has.
///
/// Only such requests are counted and refused: from an address that is beyond its pace a key that is known still opens, so
/// nobody is locked out by a neighbour behind the same address. Of one loop.
struct UnknownKeyPace {
    /// By address: when it would have shown as many as it may (a leaky bucket, kept as the time at which it is empty). Milliseconds.
    private var emptyAt: [ClientAddress: Int64] = [:]

    /// How many may come at once.
    let burst: Int64
    /// Milliseconds for one more.
    static let interval: Int64 = 3_000
    /// Bounds what strangers make us remember.
    static let addressesMax = 4_096

    init(burst: Int64) { self.burst = burst }

    /// Counts one; false where the address has shown too many of late. Milliseconds since 1970.
    mutating func admits(_ client: ClientAddress, now: Int64) -> Bool {
        let address = client.subscriber
        let base = max(emptyAt[address] ?? now, now)
        guard base - now < burst * Self.interval else { return false }
        if emptyAt[address] == nil, emptyAt.count >= Self.addressesMax {
            emptyAt = emptyAt.filter { $0.value > now }
            // A flood from everywhere is not held up by what is remembered of each.
            if emptyAt.count >= Self.addressesMax { emptyAt = [:] }
        }
        emptyAt[address] = base + Self.interval
        return true
    }
}
