/// Where the repository is: a path read in place, or a URL that is mirrored first.
package enum SourceLocation: Hashable, Sendable {
    case path(String)
    case url(RemoteURL)

    /// Reads what an operator wrote after `--repo`.
    package static func parse(_ text: String) throws(SourceLocationError) -> SourceLocation {
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw .malformed(text)
        }
        guard let separator = text.range(of: "://") else {
            if looksLikeSecureShell(text) { throw .unsupported(scheme: "ssh") }
            return .path(text)
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard let known = RemoteURL.Scheme(rawValue: scheme) else { throw .unsupported(scheme: scheme) }
        guard text.endIndex > separator.upperBound else { throw .malformed(text) }
        return .url(RemoteURL(scheme: known, rest: String(text[separator.upperBound...])))
    }

    /// `user@host:path`: a colon before the first slash, and no folder of that name could be meant.
    private static func looksLikeSecureShell(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        return text[..<colon].contains("@") && !text[..<colon].contains("/")
    }
}

extension SourceLocation: CustomStringConvertible {
    /// Safe to print and to store: a URL's user and password are left out.
    package var description: String {
        switch self {
        case .path(let path): path
        case .url(let url): url.description
        }
    }
}

/// A remote repository's address.
package struct RemoteURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, CaseIterable, Sendable { case file, http, https, git }

    package var scheme: Scheme
    var rest: String

    /// With user and password, for libgit2 alone; never printed.
    var secret: String { "\(scheme.rawValue)://\(rest)" }

    package var description: String {
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return secret }
        return "\(scheme.rawValue)://\(rest[rest.index(after: at)...])"
    }
}

package enum SourceLocationError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    case unsupported(scheme: String)

    package var description: String {
        switch self {
        case .malformed(let text): "\"\(text)\" is neither a path nor a URL"
        case .unsupported(let scheme):
            "repositories by \(scheme) are not supported by this version; use a path, file://, git://, http:// or https://"
        }
    }
}

extension String {
    /// The first occurrence of `needle`, without Foundation.
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
