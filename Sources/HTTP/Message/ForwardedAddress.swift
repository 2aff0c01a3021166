/// Where proxies say for whom they ask.
package enum ForwardedField: String, Hashable, Sendable, CaseIterable {
    /// The list that nearly every proxy appends to.
    case xForwardedFor = "x-forwarded-for"
    /// The standard one (RFC 7239).
    case forwarded
    /// Nobody is believed.
    case none
}

/// Which proxies are believed, and in which field: the other one is never looked at, since a proxy that appends to one
/// passes the other on as the client wrote it.
package struct ForwardedTrust: Hashable, Sendable {
    /// The proxies' networks.
    package var proxies: [NetworkPrefix]
    package var field: ForwardedField

    package init(proxies: [NetworkPrefix] = [], field: ForwardedField = .xForwardedFor) {
        self.proxies = proxies
        self.field = field
    }

    package func trusts(_ address: NetworkAddress) -> Bool { proxies.contains { $0.contains(address) } }

    /// Whose request it is: the last address that a trusted proxy vouches for and that is no trusted proxy itself.
    ///
    /// `peer` is the other end of the connection. An element that is no address, such as `unknown`, ends the walk with
    /// `NetworkAddress.unknown`: what a proxy hides must not pass for the proxy.
    package func client(of peer: NetworkAddress, _ headers: Headers) -> NetworkAddress {
        guard field != .none, !proxies.isEmpty, trusts(peer) else { return peer }
        var client = peer
        for element in ForwardedElements.read(field, headers).reversed() {
            guard let address = element else { return .unknown }
            client = address.unmapped
            if !trusts(client) { return client }
        }
        return client
    }
}

extension NetworkAddress {
    /// Stands for a client whose address is hidden; no sensible network contains `::`.
    package static let unknown = NetworkAddress(six: (0, 0), port: 0)
}

/// The addresses of a request's forwarding field, in order; nil for an element that is none.
enum ForwardedElements {
    static func read(_ field: ForwardedField, _ headers: Headers) -> [NetworkAddress?] {
        var addresses: [NetworkAddress?] = []
        headers.forEach { name, value in
            switch field {
            case .xForwardedFor where name.equalsIgnoringCase("x-forwarded-for"):
                value.forEachListElement { addresses.append(node(String(decoding: $0, as: UTF8.self))) }
            case .forwarded where name.equalsIgnoringCase("forwarded"):
                addresses += forwardedList(String(decoding: value, as: UTF8.self))
            default: break
            }
        }
        return addresses
    }

    /// A client could open a quoted string that swallows what its proxy appends: a field whose last one does not end says nothing.
    private static func forwardedList(_ value: String) -> [NetworkAddress?] {
        // Neither does one that is not ASCII: some characters would make one of theirs and the comma behind them.
        guard value.utf8.allSatisfy({ $0 < 0x80 }), let elements = split(value[...], at: ",") else { return [nil] }
        return elements.filter { !trimmed($0).isEmpty }.map(forwarded)
    }

    /// The `for` of one element such as `for="[2001:db8::1]:4711";proto=https` (RFC 7239 §4).
    private static func forwarded(_ element: Substring) -> NetworkAddress? {
        var found: NetworkAddress?
        for pair in split(element, at: ";") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, trimmed(parts[0]).lowercased() == "for" else { continue }
            // Twice is not allowed, and either could be the lie.
            guard found == nil, let address = node(unquoted(trimmed(parts[1]))) else { return nil }
            found = address
        }
        return found
    }

    /// An address, with or without a port.
    private static func node(_ text: String) -> NetworkAddress? {
        if let address = NetworkAddress(literal: text, port: 0) { return address }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let (host, port) = (String(text[..<colon]), text[text.index(after: colon)...])
        guard host.hasPrefix("[") || !host.contains(":"), let port = UInt16(port) else { return nil }
        return NetworkAddress(literal: host, port: port)
    }

    /// Splits outside quoted strings; nil when one does not end.
    private static func split(_ text: Substring, at separator: Character) -> [Substring]? {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, text[index] == "\\" {
                isEscaped = true
            } else if text[index] == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, text[index] == separator {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return isQuoted ? nil : parts + [text[start...]]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return String(text) }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
