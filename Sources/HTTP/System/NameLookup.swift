internal import CLinux
internal import Glibc

/// The system's name service.
enum NameLookup {
    /// Asks for the addresses of `host`. Blocks, for as long as the resolver's own timeouts: never on a loop.
    static func addresses(of host: String) -> Result<[NetworkAddress], NameError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            return .failure(NameError(description: "\(host): \(String(cString: gai_strerror(code)))"))
        }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next {
            if let address = address(of: entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found.isEmpty ? .failure(NameError(description: "\(host): no address")) : .success(found)
    }

    private static func address(of entry: addrinfo) -> NetworkAddress? {
        guard let address = entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { target in
            let count = min(target.count, Int(entry.ai_addrlen))
            target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
        }
        return NetworkAddress(storage)
    }
}
