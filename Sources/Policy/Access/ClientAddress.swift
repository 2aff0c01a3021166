internal import Spec

/// The address a request came from, as bits; an IPv4 address in IPv6 clothing (`::ffff:a.b.c.d`) counts as IPv4.
package struct ClientAddress: Hashable, Sendable {
    let bits: UInt128
    let isIPv4: Bool

    /// Nil unless there are 4 or 16 bytes in network order.
    package init?(bytes: some Collection<UInt8>) {
        let value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: (bits, isIPv4) = (value, true)
        case 16 where value >> 32 == 0xffff: (bits, isIPv4) = (value & 0xffff_ffff, true)
        case 16: (bits, isIPv4) = (value, false)
        default: return nil
        }
    }
}

/// A declared network, ready to compare.
struct CompiledNetwork: Sendable {
    private let first: ClientAddress?
    private let shift: Int

    /// A network whose address is none contains nothing.
    init(_ network: Network) {
        first = ClientAddress(bytes: network.address)
        let isIPv4 = first?.isIPv4 ?? false
        // A mapped network such as ::ffff:10.0.0.0/104 counts its prefix from the IPv6 side.
        let mapped = isIPv4 && network.address.count == 16
        let width = isIPv4 ? 32 : 128
        shift = width - min(width, max(0, mapped ? network.prefixLength - 96 : network.prefixLength))
    }

    func contains(_ address: ClientAddress) -> Bool {
        guard let first, address.isIPv4 == first.isIPv4 else { return false }
        return address.bits >> shift == first.bits >> shift
    }
}
