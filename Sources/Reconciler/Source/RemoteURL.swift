/// A remote repository's address, taken apart by a narrow grammar, since parts of it reach servers as commands.
package struct RemoteURL: Hashable, Sendable {
    package enum Scheme: String, CaseIterable, Sendable { case file, http, https, git, ssh }

    package let scheme: Scheme
    package let user: String?
    /// A name or an address, in brackets where it has colons; empty for `file`.
    package let host: String
    package let port: UInt16?
    /// With its leading slash, but for the short form.
    let path: String
    /// Whether it is written `user@host:path`, whose path counts from the user's home.
    private let isShort: Bool

    /// What follows `scheme://`.
    init(_ scheme: Scheme, _ rest: Substring) throws(SourceLocationError) {
        self.scheme = scheme
        isShort = false
        let authority = rest.prefix { $0 != "/" }
        path = String(rest[authority.endIndex...])
        guard scheme != .file else {
            (user, host, port) = (nil, String(authority), nil)
            guard host.isEmpty || host == "localhost", path.utf8.count > 1 else { throw .malformed("file://\(rest)") }
            return
        }
        // Nothing of the address is repeated: it may hold a password.
        guard authority.count(where: { $0 == "@" }) <= 1 else { throw .password }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        let place = parts[parts.count - 1]
        user = parts.count == 2 ? String(parts[0]) : nil
        if let user, user.contains(":") { throw .password }
        (host, port) = try Self.hostAndPort(place)
        try check(path.utf8.count > 1 ? nil : "it has no path")
    }

    /// `user@host:path`, without a scheme.
    init(short text: String) throws(SourceLocationError) {
        scheme = .ssh
        port = nil
        isShort = true
        let authority = text.prefix { $0 != ":" }
        guard let at = authority.firstIndex(of: "@") else { throw .malformed(text) }
        user = String(authority[..<at])
        host = String(authority[authority.index(after: at)...])
        path = String(text[text.index(after: authority.endIndex)...])
        try check(path.isEmpty ? "it has no path" : Self.isHost(host) ? nil : "its host is not a name")
    }

    private static func hostAndPort(_ text: Substring) throws(SourceLocationError) -> (String, UInt16?) {
        let isBracketed = text.hasPrefix("[")
        let end = isBracketed ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let host = String(text[..<(end ?? text.endIndex)])
        let rest = end.map { text[$0...] } ?? ""
        guard isHost(host) else { throw .address("its host is not a name or an address") }
        guard !rest.isEmpty else { return (host, nil) }
        guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
            throw .address("its port is not a number from 1 to 65535")
        }
        return (host, port)
    }

    private static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return text.count > 2 && text.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !text.isEmpty && !text.hasPrefix("-") && !text.hasPrefix(".")
            && text.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// A server's shell takes the path of ssh apart, so it has none of a shell's signs; none has an encoded control character.
    private func check(_ problem: String?) throws(SourceLocationError) {
        if let problem { throw .address(problem) }
        if let user, user.isEmpty || !user.utf8.allSatisfy({ Self.isWordByte($0) || [46, 43, 37].contains($0) }) || user.hasPrefix("-") {
            throw .address("its user is not a name")
        }
        let others = Array((scheme == .ssh ? "./~+@%=,:" : "./~+@%=,:!$&'()*;").utf8)
        guard path.utf8.allSatisfy({ Self.isWordByte($0) || others.contains($0) }), !path.hasPrefix("-") else {
            throw .address("its path has a character that addresses of repositories do not have")
        }
        let encoded = path.lowercased()
        let isControl = "%0 %1 %7f".split(separator: " ").contains { encoded.contains($0) }
        guard !isControl else { throw .address("its path has an encoded control character") }
    }

    /// For libgit2; the user of http and https is told when the server asks.
    var address: String {
        let name = scheme == .ssh ? user.map { $0 + "@" } ?? "" : ""
        return text(name)
    }

    /// Whether another address leads to the same server.
    func hasSameServer(as other: RemoteURL) -> Bool {
        scheme == other.scheme && host.lowercased() == other.host.lowercased() && (port ?? 0) == (other.port ?? 0)
    }

    private func text(_ name: String) -> String {
        if isShort { return "\(name)\(host):\(path)" }
        return "\(scheme.rawValue)://\(name)\(host)\(port.map { ":\($0)" } ?? "")\(path)"
    }
}

extension RemoteURL: CustomStringConvertible {
    /// Safe to print and to store: without the user of http and https, which may be a token.
    package var description: String { address }
}
