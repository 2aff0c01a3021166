/// What looks like a credential rather than like the name of one.
enum SecretText {
    /// How keys of well-known services begin.
    private static let prefixes = [
        "sk-", "sk_", "gsk_", "xai-", "AIza", "hf_", "ghp_", "gho_", "github_pat_", "glpat-", "AKIA", "pplx-", "r8_",
        "nvapi-", "fw_", "tgp_", "xoxb-", "eyJ", "Bearer ",
    ]
    /// Shorter text with such a beginning may be a name: `sk-key`.
    private static let prefixedLengthMin = 12
    /// From here on, text of mixed letters and digits without a separator of words is hardly a name.
    private static let opaqueLengthMin = 24

    static func isLikely(_ text: String) -> Bool {
        if prefixes.contains(where: text.hasPrefix) && text.utf8.count >= prefixedLengthMin { return true }
        return text.utf8.count >= opaqueLengthMin && isOpaque(text)
    }

    /// Letters of both cases and digits, and none of what joins the words of names and paths.
    private static func isOpaque(_ text: String) -> Bool {
        let bytes = text.utf8
        let hasUpper = bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let hasLower = bytes.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        let hasDigit = bytes.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return hasUpper && hasLower && hasDigit && !bytes.contains { "_/. ".utf8.contains($0) }
    }

    /// Whether a URL has an `@` before its path (RFC 3986 section 3.2.1).
    static func hasUser(_ url: String) -> Bool {
        guard let start = url.firstRange(of: "://")?.upperBound else { return false }
        return url[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.contains("@")
    }

    static let hint =
        "put the secret in the gateway's environment or in a file there, name that here, and replace the secret: Git keeps this one"
}

extension Shape where Value == String {
    /// Refuses what looks like a secret itself, without repeating it.
    func refusingSecrets(_ expected: String) -> Shape<String> {
        Shape(describe()) { node, reading in
            if case .scalar(let scalar) = node.content, SecretText.isLikely(scalar.text) {
                reading.report(
                    .secretInPlace, node.extent, "this looks like a secret, not like \(expected)",
                    hint: SecretText.hint, isOfSecret: true)
                return nil
            }
            return read(node, reading)
        }
    }

    /// Refuses an address with a user before its host, whose password would be in Git and in every report.
    var refusingUsers: Shape<String> {
        Shape(describe()) { node, reading in
            if case .scalar(let scalar) = node.content, SecretText.hasUser(scalar.text) {
                reading.report(
                    .secretInPlace, node.extent, "the address holds a user or a password before its host",
                    hint: "take it out, and name the credential in its own field", isOfSecret: true)
                return nil
            }
            return read(node, reading)
        }
    }
}
