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
            return looksLikeSecureShell(text) ? .url(try RemoteURL(short: text)) : .path(text)
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard let known = RemoteURL.Scheme(rawValue: scheme) else { throw .unsupported(scheme: scheme) }
        return .url(try RemoteURL(known, text[separator.upperBound...]))
    }

    /// `user@host:path`: a colon before the first slash, and no folder of that name could be meant.
    private static func looksLikeSecureShell(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        return text[..<colon].contains("@") && !text[..<colon].contains("/")
    }
}

extension SourceLocation: CustomStringConvertible {
    /// Safe to print and to store: an address has no password, and the user of http and https is left out.
    package var description: String {
        switch self {
        case .path(let path): path
        case .url(let url): url.description
        }
    }
}

package enum SourceLocationError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    case unsupported(scheme: String)
    /// What is wrong with it; the address itself is not repeated.
    case address(String)
    case password

    package var description: String {
        switch self {
        case .malformed(let text): "\"\(text)\" is neither a path nor a URL"
        case .unsupported(let scheme):
            "repositories by \(scheme) are not supported; use a path, file://, git://, ssh://, http:// or https://"
        case .address(let problem): "the address cannot be taken: \(problem)"
        case .password:
            "the address holds a password, which everybody on this machine can read; put it into a file and name that with --git-password-file"
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
