/// A commit object taken apart into what was signed and the signature over it (gitformat-signature(5)); a value.
struct SignedCommit: Hashable {
    enum Signature: Hashable {
        /// With its BEGIN and END lines.
        case ssh([UInt8])
        case openPGP([UInt8])
        case other
    }

    /// The object without its signature's header.
    private(set) var payload: [UInt8] = []
    /// Nil for a commit that is not signed.
    private(set) var signature: Signature?

    /// Throws for an object that says more than one thing about its signature.
    init(_ object: [UInt8]) throws(CommitTextProblem) {
        var lines: [ArraySlice<UInt8>] = []
        var isInSignature = false
        var hasCommitter = false
        var rest = object[...]
        while let line = Self.takeLine(&rest) {
            if line.first == Self.newline {
                payload.append(contentsOf: line)
                break
            }
            if line.first == Self.space {
                isInSignature ? lines.append(line.dropFirst()) : payload.append(contentsOf: line)
                continue
            }
            isInSignature = false
            switch Self.name(of: line) {
            case "gpgsig":
                guard lines.isEmpty else { throw CommitTextProblem("it has two signatures") }
                guard hasCommitter else { throw CommitTextProblem("its signature does not follow its committer") }
                isInSignature = true
                lines.append(line.dropFirst("gpgsig ".utf8.count))
            case "gpgsig-sha256": throw CommitTextProblem("it has a signature over another kind of object")
            case "committer":
                guard !hasCommitter else { throw CommitTextProblem("it has two committers") }
                hasCommitter = true
                payload.append(contentsOf: line)
            default: payload.append(contentsOf: line)
            }
        }
        payload.append(contentsOf: rest)
        if !lines.isEmpty { signature = Self.signature(Array(lines.joined())) }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")

    /// The next line with its break; nil at the end.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: newline).map { $0 + 1 } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    private static func name(of line: ArraySlice<UInt8>) -> String {
        String(decoding: line.prefix { $0 != space && $0 != newline }, as: UTF8.self)
    }

    private static func signature(_ text: [UInt8]) -> Signature {
        if text.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) { return .ssh(text) }
        if text.starts(with: "-----BEGIN PGP SIGNATURE-----".utf8) { return .openPGP(text) }
        return .other
    }
}

/// Why a commit's signature cannot even be looked at, as the end of a sentence about the commit.
struct CommitTextProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
