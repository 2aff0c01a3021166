/// Whom a request goes to: scheme, host and port.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    package let scheme: Scheme
    /// A name in lower case, or a literal address without brackets.
    package let host: String
    package let port: UInt16
    /// The value of a `Host` header for this origin.
    package let hostHeader: String

    package init(scheme: Scheme, host: String, port: UInt16? = nil) {
        self.scheme = scheme
        let port = port ?? scheme.defaultPort
        let host = host.lowercased()
        let name = host.contains(":") ? "[\(host)]" : host
        self.host = host
        self.port = port
        hostHeader = port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// Splits an address such as `https://api.example.com/v1` into its origin and its path without a final slash; nil
    /// when it is none, or carries user information, a query or a fragment.
    package static func parse(_ url: String) -> (origin: Origin, path: String)? {
        guard let separator = url.range(of: "://"), let scheme = Scheme(rawValue: url[..<separator.lowerBound].lowercased())
        else { return nil }
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ Bytes.isTarget($0) && $0 != UInt8(ascii: "?") }),
              Authority.isValid(authority), let origin = split(scheme, authority)
        else { return nil }
        return (origin, String(path))
    }

    private static func split(_ scheme: Scheme, _ authority: Substring) -> Origin? {
        let isLiteral = authority.hasPrefix("[")
        let hostEnd = isLiteral ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        let host = authority[..<(hostEnd ?? authority.endIndex)]
        let portText = authority[host.endIndex...].dropFirst()
        let bare = isLiteral ? host.dropFirst().dropLast() : host
        if portText.isEmpty { return Origin(scheme: scheme, host: String(bare)) }
        guard let port = UInt16(portText), port > 0 else { return nil }
        return Origin(scheme: scheme, host: String(bare), port: port)
    }

    package static func == (left: Origin, right: Origin) -> Bool {
        left.port == right.port && left.scheme == right.scheme && left.host == right.host
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(port)
        hasher.combine(host)
    }

    package var description: String { "\(scheme.rawValue)://\(hostHeader)" }
}

extension Authority {
    static func isValid(_ text: Substring) -> Bool {
        var text = String(text)
        return text.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Where `text` first occurs.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
