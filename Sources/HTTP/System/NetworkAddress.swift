internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in network order: the first eight bytes of an IPv6 address; 0 for IPv4.
    package let high: UInt64
    /// The last eight bytes of an IPv6 address; an IPv4 address in the lower half.
    package let low: UInt64
    package let isIPv4: Bool
    package let port: UInt16
    private let scope: UInt32

    /// An address from its 4 or 16 bytes in network order; nil for another count.
    package init?(bytes: [UInt8], port: UInt16) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        isIPv4 = bytes.count == 4
        high = isIPv4 ? 0 : bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = (isIPv4 ? bytes[...] : bytes[8...]).reduce(0) { $0 << 8 | UInt64($1) }
        self.port = port
        scope = 0
    }

    /// A literal address such as `127.0.0.1`, `::1` or `[::1]`; nil when the text is a name.
    package init?(literal: String, port: UInt16) {
        let text = literal.hasPrefix("[") && literal.hasSuffix("]") ? String(literal.dropFirst().dropLast()) : literal
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four, port: port)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(six, port: port, scope: 0)
    }

    /// An IPv4 address from its 32 bits.
    init(four: UInt32, port: UInt16) { self.init(high: 0, low: UInt64(four), isIPv4: true, port: port, scope: 0) }

    /// What stands for a local socket's clients, who have none: this machine.
    static let ofLocalSockets = NetworkAddress(four: 0x7f00_0001, port: 0)

    /// An IPv6 address from its halves.
    init(six: (high: UInt64, low: UInt64), port: UInt16) {
        self.init(high: six.high, low: six.low, isIPv4: false, port: port, scope: 0)
    }

    private init(_ address: in_addr, port: UInt16) {
        self.init(high: 0, low: UInt64(UInt32(bigEndian: address.s_addr)), isIPv4: true, port: port, scope: 0)
    }

    private init(_ address: in6_addr, port: UInt16, scope: UInt32) {
        let (high, low) = withUnsafeBytes(of: address) { bytes in
            (UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
             UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
        self.init(high: high, low: low, isIPv4: false, port: port, scope: scope)
    }

    private init(high: UInt64, low: UInt64, isIPv4: Bool, port: UInt16, scope: UInt32) {
        self.high = high
        self.low = low
        self.isIPv4 = isIPv4
        self.port = port
        self.scope = scope
    }

    /// The 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        let all = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { [UInt8]($0) }
        return isIPv4 ? [UInt8](all[12...]) : all
    }

    package func with(port: UInt16) -> NetworkAddress {
        NetworkAddress(high: high, low: low, isIPv4: isIPv4, port: port, scope: scope)
    }

    /// The address without its port, in the usual notation.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var bytes = bytes
        inet_ntop(isIPv4 ? AF_INET : AF_INET6, &bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String { isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)" }
}

extension NetworkAddress {
    /// Whether it leads to this machine itself: `127.0.0.0/8` and `::1`, also when an IPv4 address is mapped to an IPv6 one.
    package var isLoopback: Bool {
        let four = isIPv4 || isMappedIPv4 ? UInt32(truncatingIfNeeded: low) : 0
        return four >> 24 == 127 || !isIPv4 && high == 0 && low == 1
    }

    /// Whether it is `0.0.0.0` or `::`, which as the address of a peer lead to this machine too.
    package var isUnspecified: Bool { high == 0 && (low == 0 || isMappedIPv4 && UInt32(truncatingIfNeeded: low) == 0) }

    private var isMappedIPv4: Bool { !isIPv4 && high == 0 && low >> 32 == 0xffff }

    /// Whether the address is one that only this machine or a private network reaches: loopback, private use, link
    /// local (where cloud metadata lives), shared, unspecified, multicast and reserved ranges, also when an IPv4
    /// address is wrapped in an IPv6 one. (IANA special-purpose address registries)
    package var isPrivate: Bool {
        if isIPv4 { return Self.isPrivate(four: UInt32(truncatingIfNeeded: low)) }
        if let wrapped = wrappedIPv4 { return Self.isPrivate(four: wrapped) }
        let first = UInt16(truncatingIfNeeded: high >> 48)
        return high == 0 || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 || first & 0xff00 == 0xff00
            || first & 0xffc0 == 0xfec0 || Self.isSpecial(six: high)
    }

    /// Whether a machine is told of itself there, its credentials among it: link-local addresses (RFC 3927, RFC 4291), and where Alibaba,
    /// Amazon and Google have their metadata outside of these; also when an IPv4 address is wrapped in an IPv6 one.
    package var isOfMachine: Bool {
        if let four = isIPv4 ? UInt32(truncatingIfNeeded: low) : wrappedIPv4 { return four >> 16 == 0xa9fe || four == 0x6464_64c8 }
        return high >> 54 == 0xfe80 >> 6 || high == 0xfd00_0ec2_0000_0000 && low == 0x254 || high == 0xfd20_00ce_0000_0000 && low == 0x254
    }

    /// The IPv4 address inside a mapped (`::ffff:0:0/96`), NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`) address.
    private var wrappedIPv4: UInt32? {
        if high == 0, low >> 32 == 0xffff { return UInt32(truncatingIfNeeded: low) }
        if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 { return UInt32(truncatingIfNeeded: low) }
        if high >> 48 == 0x2002 { return UInt32(truncatingIfNeeded: high >> 16) }
        return nil
    }

    /// Local NAT64, discard, protocol assignments (Teredo among them), documentation, and segment routing.
    private static func isSpecial(six high: UInt64) -> Bool {
        let ranges: [(UInt64, Int)] = [
            (0x0064_ff9b_0001_0000, 48), (0x0100_0000_0000_0000, 64), (0x2001_0000_0000_0000, 23), (0x2001_0db8_0000_0000, 32),
            (0x3fff_0000_0000_0000, 20), (0x5f00_0000_0000_0000, 16),
        ]
        return ranges.contains { network, length in (high ^ network) >> (64 - length) == 0 }
    }

    private static func isPrivate(four: UInt32) -> Bool {
        let ranges: [(UInt32, Int)] = [
            (0x0000_0000, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16),
            (0xac10_0000, 12), (0xc000_0000, 24), (0xc000_0200, 24), (0xc058_6300, 24), (0xc0a8_0000, 16), (0xc612_0000, 15),
            (0xc633_6400, 24), (0xcb00_7100, 24), (0xe000_0000, 4), (0xf000_0000, 4),
        ]
        return ranges.contains { network, length in (four ^ network) >> (32 - length) == 0 }
    }
}

/// Who is at the other end of a connection.
package typealias PeerAddress = NetworkAddress

extension NetworkAddress {
    /// Calls `body` with the address as the kernel wants it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = isIPv4 ? fillFour(&storage) : fillSix(&storage)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    private func fillFour(_ storage: inout sockaddr_storage) -> socklen_t {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
        return socklen_t(MemoryLayout<sockaddr_in>.size)
    }

    private func fillSix(_ storage: inout sockaddr_storage) -> socklen_t {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_scope_id = scope
        withUnsafeMutableBytes(of: &address.sin6_addr) {
            $0.storeBytes(of: high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
        return socklen_t(MemoryLayout<sockaddr_in6>.size)
    }

    /// The address the kernel wrote to `storage`; nil for another family than IP.
    init?(_ storage: sockaddr_storage) {
        let family = Int32(storage.ss_family)
        let copy = storage
        if family == AF_INET {
            let four = withUnsafeBytes(of: copy) { $0.load(as: sockaddr_in.self) }
            self.init(four.sin_addr, port: UInt16(bigEndian: four.sin_port))
        } else if family == AF_INET6 {
            let six = withUnsafeBytes(of: copy) { $0.load(as: sockaddr_in6.self) }
            self.init(six.sin6_addr, port: UInt16(bigEndian: six.sin6_port), scope: six.sin6_scope_id)
        } else {
            return nil
        }
    }
}
