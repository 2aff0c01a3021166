extension Shape where Value == String {
    /// An https URL with a host, without user, query or fragment.
    static var secureURL: Shape<String> {
        text("an https URL", example: "https://login.acme.example", pattern: "https://\(HostText.pattern)(?:/\(WebAddress.rest))?") {
            WebAddress.isPlain($0, schemes: ["https://"])
        }.refusingUsers.checkingHost
    }
}

/// The grammar of URLs in declarations.
enum WebAddress {
    /// The regular expression of what a path holds.
    static let rest = #"[!$-;=A-Z\[\]_a-z~]*"#

    /// The same with a query.
    static let restWithQuery = #"[!$-;=?A-Z\[\]_a-z~]*"#

    /// The path of an address of ours.
    static func isPath(_ path: String) -> Bool {
        path.hasPrefix("/") && path.utf8.allSatisfy { Names.isLetterOrDigit($0) || "._/-".utf8.contains($0) }
    }

    /// One of the schemes, a host, and only characters that need no escape; `query` says whether `?` may follow.
    static func isPlain(_ url: String, schemes: [String], query: Bool = false) -> Bool {
        guard let scheme = schemes.first(where: url.hasPrefix) else { return false }
        let rest = url.dropFirst(scheme.count)
        guard let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
            host.utf8.first != UInt8(ascii: ":"), host.utf8.first != UInt8(ascii: "?")
        else { return false }
        return rest.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"#\"<>\\^`{|}@".utf8.contains(byte) && (query || byte != UInt8(ascii: "?"))
        }
    }
}
