/// The host and port of a URL, as far as its text tells where it is.
struct HostText {
    /// In lower case, without the brackets of RFC 3986, section 3.2.2.
    let text: String
    private let isBracketed: Bool
    /// What follows the host, without its colon; nil where nothing does.
    private let port: Substring?
    /// Scalars of the URL that are host and port.
    let range: Range<Int>

    /// Of an http or https URL.
    init(of url: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        let before = url[..<start].unicodeScalars.count
        range = before..<before + authority.unicodeScalars.count
        isBracketed = authority.hasPrefix("[") && authority.contains("]")
        let rest: Substring
        if isBracketed {
            text = authority.dropFirst().prefix { $0 != "]" }.lowercased()
            rest = authority.drop { $0 != "]" }.dropFirst()
        } else {
            text = authority.prefix { $0 != ":" }.lowercased()
            rest = authority.drop { $0 != ":" }
        }
        port = rest.isEmpty ? nil : rest.hasPrefix(":") ? rest.dropFirst() : "]" + rest
    }

    /// Without the dot that may end a full name.
    private var name: Substring { text.hasSuffix(".") ? text.dropLast() : text[...] }

    /// Loopback, link-local and private addresses and names, which only this machine or a private network reaches.
    var isPrivate: Bool {
        if let address { return PrivateNetworks.hold(address) }
        return !isBracketed && PrivateNetworks.hold(name: name)
    }

    /// Link-local addresses, and others at which clouds answer a machine's questions about itself, its credentials among them.
    var isOfMachine: Bool { address.map(MachineNetworks.hold) ?? false }

    /// As the C library reads it: also a number, an octal or a hexadecimal one.
    private var address: [UInt8]? {
        if isBracketed { return IPText.version6(text[...]) }
        return IPText.version4(name) ?? LooseAddress.read(name)
    }

    /// As `problem`, for the whole of host and port; leaves open how long a name is.
    static let pattern: String = {
        let label = "[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?"
        let endsInNumber = "(?:[^/?:]*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\\.?(?:[/?:]|$)"
        let name = "(?!\(endsInNumber))\(label)(?:\\.\(label))*\\.?"
        return "(?:\(IPText.version4Pattern)|\\[\(IPText.version6Pattern)\\]|\(name))(?::\(PortText.pattern))?"
    }()

    /// What is wrong with it; nil where every reader takes it for the same.
    var problem: AmountProblem? { hostProblem ?? portProblem }

    private var hostProblem: AmountProblem? {
        if isBracketed {
            guard IPText.version6(text[...]) == nil else { return nil }
            return AmountProblem("`\(text)` is not an IPv6 address")
        }
        if endsInNumber, IPText.version4(text[...]) == nil {
            let read = LooseAddress.read(name).map { $0.map(String.init).joined(separator: ".") }
            return AmountProblem(
                "`\(text)` is not an address that all programs read alike", hint: read.map { "did you mean `\($0)`?" })
        }
        guard HostName.isValid(name) else {
            return AmountProblem(
                text.isEmpty ? "the host is missing" : "`\(text)` is not the name of a host",
                hint: "write it like `api.acme.example`, `10.0.0.5` or `[2001:db8::1]`")
        }
        return nil
    }

    /// The last label is a number: then the whole is an address, right or wrong (WHATWG URL, section 3.5).
    private var endsInNumber: Bool {
        guard let last = name.split(separator: ".", omittingEmptySubsequences: false).last else { return false }
        return LooseAddress.number(last) != nil || !last.isEmpty && last.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private var portProblem: AmountProblem? {
        guard let port, !PortText.isPort(port) else { return nil }
        return AmountProblem("`\(port)` is not a port", hint: "ports are from 1 to 65535")
    }
}

enum PortText {
    static let pattern = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"

    static func isPort(_ text: Substring) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text)
        else { return false }
        return port <= Int(UInt16.max)
    }
}

enum HostName {
    /// Labels of letters, digits, `-` and the `_` of networks of containers; RFC 1123, section 2.1.
    static func isValid(_ name: Substring) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { Names.isLetterOrDigit($0) || "-_".utf8.contains($0) }
            }
    }
}

/// IPv4 addresses in the forms of inet_aton(3): one to four numbers, each decimal, octal or hexadecimal.
enum LooseAddress {
    static func read(_ text: Substring) -> [UInt8]? {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map(number)
        guard (1...4).contains(numbers.count), let last = numbers.last, let tail = last else { return nil }
        // The last number fills all bytes that those before it leave.
        let left = 4 - (numbers.count - 1)
        guard tail < 1 << UInt64(8 * left) else { return nil }
        var bytes: [UInt8] = []
        for head in numbers.dropLast() {
            guard let head, let byte = UInt8(exactly: head) else { return nil }
            bytes.append(byte)
        }
        return bytes + (0..<left).reversed().map { UInt8(truncatingIfNeeded: tail >> UInt64(8 * $0)) }
    }

    static func number(_ text: Substring) -> UInt64? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            let digits = text.dropFirst(2)
            return digits.isEmpty ? 0 : digits.utf8.contains(UInt8(ascii: "+")) ? nil : UInt64(digits, radix: 16)
        }
        return UInt64(text, radix: text.count > 1 && first == 0x30 ? 8 : 10)
    }
}

/// What only this machine or a private network reaches: the addresses to which the gateway does not connect unless it is told to.
private enum PrivateNetworks {
    /// The special-purpose registries of IANA.
    private static let networks = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { try? Network.parse($0) }

    /// Names of RFC 6761, RFC 6762, RFC 8375, and `internal`, which ICANN keeps for this use.
    private static let domains = ["localhost", "localdomain", "local", "internal", "home.arpa"]

    static func hold(_ address: [UInt8]) -> Bool {
        let address = wrapped(in: address) ?? address
        return networks.contains { $0.holds(address) }
    }

    /// A name without a dot is one of the own network's.
    static func hold(name: Substring) -> Bool {
        !name.contains(".") || domains.contains { name == $0 || name.hasSuffix("." + $0) }
    }

    /// The IPv4 address inside a mapped (`::ffff:0:0/96`), NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`) one.
    static func wrapped(in address: [UInt8]) -> [UInt8]? {
        guard address.count == 16 else { return nil }
        let isMapped = address[..<10].allSatisfy { $0 == 0 } && address[10..<12] == [0xFF, 0xFF]
        let isNAT64 = address[..<4] == [0x00, 0x64, 0xFF, 0x9B] && address[4..<12].allSatisfy { $0 == 0 }
        if isMapped || isNAT64 { return Array(address[12...]) }
        return address[..<2] == [0x20, 0x02] ? Array(address[2..<6]) : nil
    }
}

/// To which nothing of a declaration's choosing is sent, whatever else it says; as `NetworkAddress.isOfMachine`.
private enum MachineNetworks {
    /// Link-local ones (RFC 3927, RFC 4291), and where Alibaba, Amazon and Google have metadata outside of these.
    private static let networks = [
        "169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128",
    ].compactMap { try? Network.parse($0) }

    static func hold(_ address: [UInt8]) -> Bool {
        let address = PrivateNetworks.wrapped(in: address) ?? address
        return networks.contains { $0.holds(address) }
    }
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

extension Shape where Value == String {
    /// Refuses a host or port that is none, or that programs read in several ways. The text is a URL.
    var checkingHost: Shape<String> {
        noting { url, node, reading in reading.checkHost(of: url, in: node) }
    }
}

extension Reading {
    func checkHost(of url: String, in node: Node) {
        let host = HostText(of: url)
        guard let problem = host.problem else { return }
        refuse(.valueInvalid, extent(of: host.range, in: node), problem.message, hint: problem.hint)
    }
}

extension Fields {
    /// Warns of an address to which nothing connects unless the field `privateNetwork` says so.
    func checkReach(of url: String, in name: String, privateNetwork: Bool, hint: String = "add `privateNetwork: true`") {
        let host = HostText(of: url)
        guard host.isPrivate, !privateNetwork, !isMistaken("privateNetwork"), host.problem == nil, let node = node(of: name) else { return }
        report(
            .privateAddressClosed, at: reading.extent(of: host.range, in: node),
            "`\(host.text)` is a private address, to which Charter does not connect", hint: hint)
    }

    /// The same for what this machine sends with its secrets: refuses addresses of the machine itself, which `privateNetwork` does not
    /// open, and the field where an organization gives it. What a database holds was declared already.
    func checkSending(to url: String?, in name: String, privateNetwork: Bool) {
        let remedy = organization.map { "have the platform declare it outside `orgs/`, with `filter: { organizations: [\($0)] }`" }
        if let remedy, privateNetwork {
            report(
                .networkClosed, at: extent(of: "privateNetwork"), "a webhook of an organization is not sent into the private network",
                hint: remedy)
        }
        guard let url else { return }
        let host = HostText(of: url)
        guard host.isOfMachine, host.problem == nil, reading.path != nil, let node = node(of: name) else {
            return checkReach(of: url, in: name, privateNetwork: privateNetwork, hint: remedy ?? "add `privateNetwork: true`")
        }
        report(
            .networkClosed, at: reading.extent(of: host.range, in: node),
            "`\(host.text)` is an address at which a machine is told of itself, to which nothing is sent")
    }
}
