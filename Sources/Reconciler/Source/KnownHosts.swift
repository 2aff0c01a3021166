internal import Crypto

/// The lines of a `known_hosts` file (sshd(8)); a value. Lines that cannot be read trust nobody.
struct KnownHosts {
    struct Line: Hashable {
        var isRevoked: Bool
        fileprivate var names: [Substring]
        var key: HostKey
    }

    private let all: [Line]

    static let bytesMax = 4 << 20

    init(_ text: String) { all = text.split(whereSeparator: \.isNewline).compactMap(Self.line) }

    /// Those that speak of the host.
    func lines(for host: String, port: UInt16?) -> [Line] {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let name = (port ?? Self.port) == Self.port ? bare : "[\(bare)]:\(port ?? Self.port)"
        return all.filter { Self.isNamed(name.lowercased(), in: $0.names) }
    }

    /// Of ssh, which names leave out.
    static let port: UInt16 = 22

    private static func line(_ text: Substring) -> Line? {
        var words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
        guard let first = words.first, !first.hasPrefix("#") else { return nil }
        let isMarked = first.hasPrefix("@")
        // Certificates of hosts are not spoken by libssh2, so an authority's line helps nobody.
        if isMarked { guard first == "@revoked" else { return nil } }
        words = isMarked ? words.dropFirst() : words
        guard words.count >= 3, let names = words.popFirst(), let algorithm = words.popFirst(),
            let blob = Base64Text.bytes(words[words.startIndex].utf8)
        else { return nil }
        let key = HostKey(blob: blob)
        guard key.algorithm == algorithm else { return nil }
        return Line(isRevoked: isMarked, names: names.split(separator: ","), key: key)
    }

    private static func isNamed(_ name: String, in patterns: [Substring]) -> Bool {
        var isNamed = false
        for pattern in patterns {
            if pattern.hasPrefix("!") {
                if matches(name[...], pattern.dropFirst()) { return false }
            } else {
                isNamed = isNamed || isHashed(name, as: pattern) || matches(name[...], pattern)
            }
        }
        return isNamed
    }

    /// `|1|salt|code`, by which a file does not give away which hosts somebody visits.
    private static func isHashed(_ name: String, as pattern: Substring) -> Bool {
        let parts = pattern.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, parts[1] == "1", let salt = Base64Text.bytes(parts[2].utf8),
            let code = Base64Text.bytes(parts[3].utf8)
        else { return false }
        return HMAC.isCode(code, of: Array(name.utf8), .sha1, key: salt)
    }

    /// With `*` and `?`.
    private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
        var (name, pattern) = (name, pattern)
        // Where the last star was, and how much of the name it took so far.
        var star: (pattern: Substring, name: Substring)?
        while !name.isEmpty {
            if pattern.first == "*" {
                pattern = pattern.dropFirst()
                star = (pattern, name)
            } else if let sign = pattern.first, sign == "?" || sign.lowercased() == String(name[name.startIndex]) {
                pattern = pattern.dropFirst()
                name = name.dropFirst()
            } else if let last = star {
                name = last.name.dropFirst()
                pattern = last.pattern
                star = (last.pattern, name)
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == "*" }
    }
}
