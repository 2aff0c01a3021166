/// What `gpg --status-fd` said of one signature (GnuPG's doc/DETAILS); a value.
struct GnuPGReport: Hashable {
    enum Finding: Hashable {
        /// By the primary key of this fingerprint.
        case good(String)
        case unknownKey(String)
        /// The end of a sentence about the signature.
        case bad(String)
    }

    let finding: Finding

    /// Good is only what says so once and nothing against it.
    init(_ status: String) {
        let lines = Self.lines(status)
        func words(_ keyword: String) -> [[String]] { lines.filter { $0.first == keyword } }
        if let reason = Self.objections.first(where: { !words($0.keyword).isEmpty })?.reason {
            finding = .bad(reason)
        } else if let missing = words("ERRSIG").first {
            finding = Self.unreadable(missing)
        } else if words("GOODSIG").count == 1, let valid = words("VALIDSIG").first, words("VALIDSIG").count == 1 {
            finding = Self.valid(valid)
        } else {
            finding = .bad(words("GOODSIG").count > 1 ? "there are two of them" : "gpg does not call it good")
        }
    }

    /// The fingerprints of what an import brought.
    static func imported(_ status: String) -> [String] {
        lines(status).filter { $0.first == "IMPORT_OK" && $0.count > 2 }.map { $0[2] }
    }

    private static let prefix = "[GNUPG:] "

    private static func lines(_ status: String) -> [[String]] {
        status.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { line in
            line.dropFirst(prefix.count).split(separator: " ").map(String.init)
        }
    }

    private static let objections: [(keyword: String, reason: String)] = [
        ("BADSIG", "it does not belong to this text"), ("EXPSIG", "it has expired"),
        ("EXPKEYSIG", "its key has expired"), ("REVKEYSIG", "its key was revoked"),
        ("NODATA", "there is no signature in it"), ("UNEXPECTED", "gpg met something unexpected in it"),
    ]

    /// `ERRSIG keyid algorithm hash class time reason fingerprint`; reason 9 is a missing key.
    private static func unreadable(_ words: [String]) -> Finding {
        guard words.count > 6, words[6] == "9" else { return .bad("gpg cannot read it") }
        return .unknownKey(words.count > 7 && words[7] != "-" ? words[7] : words[1])
    }

    /// `VALIDSIG fingerprint date time expiry version reserved algorithm hash class primary-fingerprint`.
    private static func valid(_ words: [String]) -> Finding {
        guard words.count > 10, words[9] == "00" else { return .bad("it is not a signature over a file") }
        return .good(words[10])
    }
}
