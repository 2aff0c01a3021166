/// The host of a URL, as far as its text tells where it is.
struct HostText {
    let text: String

    /// Of an http or https URL; a port and brackets are left off.
    init(of url: String) {
        let rest = url.split(separator: "//", maxSplits: 1).last ?? ""
        let authority = rest.prefix { $0 != "/" }
        if authority.hasPrefix("[") {
            text = String(authority.dropFirst().prefix { $0 != "]" })
        } else {
            text = String(authority.prefix { $0 != ":" }).lowercased()
        }
    }

    /// Loopback, link-local and private addresses, written as such or as `localhost`.
    var isPrivate: Bool {
        if text == "localhost" || text.hasSuffix(".localhost") { return true }
        guard let address = try? Network.parse(text) else { return false }
        return HostText.privateNetworks.contains { $0.holds(address.address) }
    }

    /// RFC 1918, RFC 1122 section 3.2.1.3, RFC 3927, RFC 4193, RFC 4291.
    private static let privateNetworks = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7",
        "fe80::/10",
    ].compactMap { try? Network.parse($0) }
}

extension Network {
    /// Whether an address of the same family lies in it.
    func holds(_ other: [UInt8]) -> Bool {
        guard other.count == address.count else { return false }
        return address.indices.allSatisfy { index in
            let bits = Swift.max(0, min(8, prefixLength - index * 8))
            let mask: UInt8 = bits == 0 ? 0 : 0xFF << (8 - UInt8(bits))
            return other[index] & mask == address[index] & mask
        }
    }
}
