internal import Glibc

/// The connections that this process has open, by the ports they lead to.
enum OpenConnections {
    /// More descriptors than a process that fetches ever has.
    private static let descriptorsMax: Int32 = 256

    /// At the start of a process that has none of its own: what its parent has open is not its business.
    static func closeInherited() {
        for descriptor in STDERR_FILENO + 1..<descriptorsMax { close(descriptor) }
    }

    static var ports: Set<UInt16> {
        var found = Set<UInt16>()
        for descriptor in 0..<descriptorsMax {
            var address = sockaddr_in6()
            var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            let answer = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
            }
            // The port of both families lies at the same place.
            let family = Int32(address.sin6_family)
            guard answer == 0, family == AF_INET || family == AF_INET6 else { continue }
            found.insert(UInt16(bigEndian: address.sin6_port))
        }
        return found
    }
}
