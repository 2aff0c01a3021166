package import Spec

/// The address a request came from, as bits; an IPv4 address in IPv6 clothing (`::ffff:a.b.c.d`) counts as IPv4.
package struct ClientAddress: Hashable, Sendable {
    let bits: UInt128
    let isIPv4: Bool

    /// The two halves of 128 bits; an IPv4 address lies in the lowest 32.
    package init(high: UInt64, low: UInt64, isIPv4: Bool) {
        self.isIPv4 = isIPv4 || high == 0 && low >> 32 == 0xffff
        bits = self.isIPv4 ? UInt128(low & 0xffff_ffff) : UInt128(high) << 64 | UInt128(low)
    }

    /// Nil unless there are 4 or 16 bytes in network order.
    package init?(bytes: some Collection<UInt8>) {
        let count = bytes.count
        guard count == 4 || count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in bytes {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
        self.init(high: high, low: low, isIPv4: count == 4)
    }
}

extension ClientAddress {
    /// All addresses that one subscriber of a provider has: an IPv4 address, or the /64 of an IPv6 address (RFC 6177).
    package var subscriber: ClientAddress {
        isIPv4 ? self : ClientAddress(high: UInt64(truncatingIfNeeded: bits >> 64), low: 0, isIPv4: false)
    }
}

/// A declared network, ready to compare.
package struct CompiledNetwork: Sendable {
    private let first: ClientAddress?
    private let shift: Int

    /// A network whose address is none contains nothing.
    package init(_ network: Network) {
        first = ClientAddress(bytes: network.address)
        let isIPv4 = first?.isIPv4 ?? false
        // A mapped network such as ::ffff:10.0.0.0/104 counts its prefix from the IPv6 side.
        let mapped = isIPv4 && network.address.count == 16
        let width = isIPv4 ? 32 : 128
        shift = width - min(width, max(0, mapped ? network.prefixLength - 96 : network.prefixLength))
    }

    package func contains(_ address: ClientAddress) -> Bool {
        guard let first, address.isIPv4 == first.isIPv4 else { return false }
        return address.bits >> shift == first.bits >> shift
    }
}
