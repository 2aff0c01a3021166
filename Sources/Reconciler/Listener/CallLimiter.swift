/// How many calls each address may make; a value, whose clock is given to it.
struct CallLimiter {
    /// Calls that an address has at once, and how many of them it gets back in a second.
    static let burst = 30.0
    static let perSecond = 5.0
    /// Addresses that are remembered; what is remembered of more could grow without bound. Beyond that the one with the most calls left
    /// is forgotten: refused, all would be for the sake of those who call from many addresses.
    static let addressesMax = 1024

    private struct Allowance {
        var left: Double
        /// In seconds.
        var at: Double
    }

    private var allowances: [UInt64: Allowance] = [:]

    /// Addresses that are remembered now.
    var count: Int { allowances.count }

    /// Takes one call of an address at a time in seconds; false when it has none left.
    mutating func admits(_ address: UInt64, at now: Double) -> Bool {
        if allowances[address] == nil, allowances.count >= Self.addressesMax {
            let fullest = allowances.max { Self.refilled($0.value, now) < Self.refilled($1.value, now) }
            if let fullest { allowances[fullest.key] = nil }
        }
        var left = allowances[address].map { Self.refilled($0, now) } ?? Self.burst
        let isAdmitted = left >= 1
        if isAdmitted { left -= 1 }
        allowances[address] = Allowance(left: left, at: now)
        return isAdmitted
    }

    private static func refilled(_ allowance: Allowance, _ now: Double) -> Double {
        min(burst, allowance.left + max(0, now - allowance.at) * perSecond)
    }
}
