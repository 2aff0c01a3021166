extension Shape where Value == [String: String] {
    /// Names and values by which usage is told apart.
    static var tags: Shape<[String: String]> {
        Shape<[Named<String>]>.map(
            key: "the name of a tag", pattern: "[A-Za-z0-9_-]{1,63}", Names.isIdentifier,
            hint: "names of tags hold letters, digits, `_` and `-`"
        ) { _ in
            .text("the value of a tag", example: "search", pattern: "[^=\\u0000-\\u001f\\u007f]{1,200}") { value in
                (1...200).contains(value.unicodeScalars.count)
                    && !value.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "=") }
            }
        }.map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

extension Shape where Value == String {
    /// A web origin: RFC 6454, section 6.2, in lower case, or with `*` for one label or more in front.
    static var origin: Shape<String> {
        text(
            "an origin", example: "https://app.acme.example",
            pattern: "https?://(?:\\*\\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\(PortText.pattern))?", OriginText.isOrigin
        ).noting { origin, node, reading in
            guard OriginText.isTooWide(origin) else { return }
            reading.report(
                .originTooWide, node.extent, "`\(origin)` lets the pages of every owner of a name there send the key",
                hint: "name the domain too, such as `https://*.acme.example`")
        }
    }
}

private enum OriginText {
    static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        var rest = text.dropFirst(scheme.count)
        if rest.hasPrefix("*.") { rest = rest.dropFirst(2) }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, parts.count <= 2, isHost(host) else { return false }
        return parts.count == 1 || PortText.isPort(parts[1])
    }

    /// Whether `*` stands for whole domains, which belong to anybody: `https://*.com`.
    static func isTooWide(_ text: String) -> Bool {
        guard let star = text.firstRange(of: "://*.") else { return false }
        return !text[star.upperBound...].contains(".")
    }

    private static func isHost(_ host: Substring) -> Bool {
        HostName.isValid(host) && host.utf8.allSatisfy { Names.isLowerOrDigit($0) || ".-".utf8.contains($0) }
    }
}

extension Network {
    /// Whether every address of another network lies in it.
    func covers(_ other: Network) -> Bool { other.prefixLength >= prefixLength && holds(other.address) }
}
