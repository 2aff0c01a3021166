extension Shape where Value == String {
    static var email: Shape<String> {
        text("an email address", example: "sam@acme.example", pattern: #"[^\u0000-\u0020\u007f@]+@[^\u0000-\u0020\u007f@]+"#)
        { address in
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
                && address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        }
    }

    /// `@user`, `@org/team`, `@group/sub/team`, as GitHub and GitLab write them.
    static var handle: Shape<String> {
        text("a name at the Git host", example: "@acme/leads", pattern: "@[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*") { handle in
            guard handle.hasPrefix("@") else { return false }
            return handle.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { Names.isLetterOrDigit($0) || "._-".utf8.contains($0) }
            }
        }
    }

    /// A name in the DNS with at least one dot, in lower case.
    static var domain: Shape<String> {
        text("a domain", example: "acme.example", pattern: #"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"#)
        { domain in
            let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
            return labels.count > 1
                && labels.allSatisfy { label in
                    !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
                        && label.utf8.allSatisfy { Names.isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
                }
        }
    }
}
