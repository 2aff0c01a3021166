internal import Spec

extension DigestComparison {
    /// One line for each holder, then what differs.
    var text: String {
        guard !holders.isEmpty else { return "" }
        let width = holders.map(\.name.count).max() ?? 0
        let what = holders.map(\.what.count).max() ?? 0
        let rows = holders.map { holder in
            "    \(holder.name.padded(to: width))  \(holder.what.padded(to: what))  \(holder.digest.map(Self.short) ?? "none")"
        }
        let verdict = isAgreed ? ["    all agree"] : findings.map { "  ! \($0.printable)" }
        return (["state digests"] + verdict + rows).joined(separator: "\n")
    }

    var json: JSONTree {
        .object([
            ("agree", .bool(isAgreed)),
            (
                "holders",
                .array(
                    holders.map {
                        .object([("name", .string($0.name)), ("what", .string($0.what)), ("digest", .optional($0.digest))])
                    })
            ),
            ("findings", .array(findings.map(JSONTree.string))),
        ])
    }
}

extension String {
    /// With spaces up to a width in characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
