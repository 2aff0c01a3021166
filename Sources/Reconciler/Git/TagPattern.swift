/// Names of tags in which `*` stands for any run of characters, such as `v*` or `release-2.*`.
package struct TagPattern: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    private let parts: [String]

    /// Nil unless it would be the name of a branch with some letter in place of each `*`.
    package init?(_ text: String) {
        guard BranchName(String(text.map { $0 == "*" ? "x" : $0 })) != nil else { return nil }
        self.text = text
        parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    package var description: String { text }

    package func matches(_ name: String) -> Bool {
        guard parts.count > 1 else { return name == text }
        var rest = name[...]
        for (index, part) in parts.enumerated() {
            if index == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == parts.count - 1 {
                return rest.hasSuffix(part)
            } else if !part.isEmpty {
                guard let end = Self.end(of: part, in: rest) else { return false }
                rest = rest[end...]
            }
        }
        return true
    }

    /// The one with the highest version; of the same version the last by name. Nil where none matches and names a version.
    ///
    /// A version with a hyphen after its numbers is one before the release and passed over, unless the pattern asks for it.
    func highest(of names: some Sequence<String>) -> String? {
        // A server says the names; they become part of what it is asked for.
        let names = names.filter { BranchName(String($0.map { $0 == "+" ? "x" : $0 })) != nil }
        guard parts.count > 1 else { return names.first { $0 == text } }
        let asksForEarly = parts.dropFirst().contains { $0.contains("-") }
        var best: (name: String, version: TagVersion)?
        for name in names where matches(name) {
            guard let version = version(of: name), asksForEarly || version.early.isEmpty else { continue }
            if let best, version < best.version || version == best.version && name < best.name { continue }
            best = (name, version)
        }
        return best?.name
    }

    private func version(of name: String) -> TagVersion? { TagVersion(name.dropFirst(parts[0].count)) }

    private static func end(of part: String, in text: Substring) -> Substring.Index? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].hasPrefix(part) { return text.index(start, offsetBy: part.count) }
            start = text.index(after: start)
        }
        return nil
    }
}

/// A version as tags name it: numbers between dots, then perhaps a hyphen and what comes before the release (semver.org, section 11).
struct TagVersion: Comparable {
    private(set) var numbers: [UInt64] = []
    /// Empty for a release.
    private(set) var early: [String] = []

    /// Nil where no number stands at the beginning, or after a `v`.
    init?(_ text: some StringProtocol) {
        let plain = text.prefix { $0 != "+" }
        let whole = plain.hasPrefix("v") ? plain.dropFirst() : plain[...]
        let release = whole.prefix { $0 != "-" }
        for part in release.split(separator: ".", omittingEmptySubsequences: false) {
            guard let number = UInt64(part), part.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            numbers.append(number)
        }
        while numbers.count > 1, numbers.last == 0 { numbers.removeLast() }
        if release.endIndex < whole.endIndex {
            early = String(whole[whole.index(after: release.endIndex)...]).split(separator: ".").map(String.init)
        }
    }

    static func < (one: TagVersion, other: TagVersion) -> Bool {
        if one.numbers != other.numbers { return one.numbers.lexicographicallyPrecedes(other.numbers) }
        if one.early.isEmpty || other.early.isEmpty { return !one.early.isEmpty && other.early.isEmpty }
        return one.early.lexicographicallyPrecedes(other.early) { one, other in
            switch (UInt64(one), UInt64(other)) {
            case (let one?, let other?): one < other
            case (.some, nil): true
            case (nil, .some): false
            case (nil, nil): one < other
            }
        }
    }
}
