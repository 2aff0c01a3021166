/// A network as its address and the length of its prefix (CIDR, RFC 4632 and RFC 4291 §2.3).
package struct NetworkPrefix: Hashable, Sendable, CustomStringConvertible {
    private let first: NetworkAddress
    private let length: Int

    /// Parses `10.0.0.0/8`, `2001:db8::/32`, or an address alone; nil for anything else, and for an address with bits
    /// beyond its prefix, which is a mistake more often than not.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = NetworkAddress(literal: parts[0], port: 0)?.unmapped else { return nil }
        let width = address.isIPv4 ? 32 : 128
        guard parts.count == 2 else {
            self.init(address, width)
            return
        }
        guard parts[1].utf8.allSatisfy(Bytes.isDigit), let length = Int(parts[1]), length <= width else { return nil }
        self.init(address, length)
        guard width == length || address.bits << UInt128(128 - width + length) == 0 else { return nil }
    }

    private init(_ first: NetworkAddress, _ length: Int) {
        self.first = first
        self.length = length
    }

    /// Whether the address lies in the network; its port does not matter, and IPv4 in IPv6 clothing is IPv4.
    package func contains(_ address: NetworkAddress) -> Bool {
        let address = address.unmapped
        guard address.isIPv4 == first.isIPv4 else { return false }
        let width = first.isIPv4 ? 32 : 128
        return length == 0 || (address.bits ^ first.bits) >> UInt128(width - length) == 0
    }

    package var description: String { "\(first.host)/\(length)" }
}

extension NetworkAddress {
    /// The address itself, or the IPv4 address that a socket for both families shows as `::ffff:a.b.c.d`.
    package var unmapped: NetworkAddress {
        guard !isIPv4, high == 0, low >> 32 == 0xffff else { return self }
        return NetworkAddress(four: UInt32(truncatingIfNeeded: low), port: port)
    }

    fileprivate var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
