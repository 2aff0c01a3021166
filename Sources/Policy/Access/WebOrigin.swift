/// The pages that a browser says send a request: the value of its `Origin` field (RFC 6454 §7).
package struct WebOrigin: Hashable, Sendable {
    /// As it was sent.
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The first declared pattern that means these pages, from the exact one to the widest.
    ///
    /// Nothing is folded or completed: browsers write scheme and host in lower case, names in Punycode and no default port
    /// (RFC 6454 §6.2). What is written otherwise, `null` among it, no pattern means.
    func firstPattern<Found>(_ find: (String) -> Found?) -> Found? {
        guard let parts = Parts(text) else { return nil }
        if let found = find(text) { return found }
        var rest = parts.host
        while let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) {
            if let found = find("\(parts.scheme)*\(rest[dot...])\(parts.port)") { return found }
            rest = rest[rest.utf8.index(after: dot)...]
        }
        return nil
    }
}

extension WebOrigin {
    /// What a declared origin is looked up by: as browsers write it, who leave out the scheme's own port.
    static func pattern(of declared: String) -> String {
        for (scheme, port) in Parts.schemes where declared.hasPrefix(scheme) && declared.hasSuffix(port) {
            return String(declared.dropLast(port.count))
        }
        return declared
    }

    private struct Parts {
        /// With `://`.
        var scheme: Substring
        var host: Substring
        /// With its colon; empty where there is none.
        var port: Substring

        /// Those of which pages come, and their own ports.
        static let schemes = [("https://", ":443"), ("http://", ":80")]
        /// RFC 1035 §2.3.4, without the root's label.
        private static let hostBytesMax = 253
        private static let portDigitsMax = 5

        /// Nil unless it is a scheme, a name and perhaps a port: what holds anything else has no suffix to be trusted by.
        init?(_ text: String) {
            guard let (scheme, _) = Self.schemes.first(where: { text.hasPrefix($0.0) }) else { return nil }
            let rest = text.utf8.dropFirst(scheme.utf8.count)
            let colon = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            guard colon == rest.endIndex || Self.isPort(rest[colon...].dropFirst()), Self.isHost(rest[..<colon]) else { return nil }
            self.scheme = text[..<rest.startIndex]
            host = text[rest.startIndex..<colon]
            port = text[colon...]
        }

        private static func isHost(_ host: Substring.UTF8View) -> Bool {
            host.count <= hostBytesMax
                && host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                    !label.isEmpty && label.allSatisfy(isOfName)
                }
        }

        private static func isOfName(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }

        private static func isPort(_ digits: Substring.UTF8View) -> Bool {
            (1...portDigitsMax).contains(digits.count) && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }
}
