internal import Spec

/// A value of a canonical text as people read it.
package enum ValueText {
    /// Characters of a value; a hand may have written a whole book into a row.
    static let charactersMax = 160
    /// Digits of a digest that tell it from its neighbours.
    private static let fingerprintDigits = 8

    /// `100 USD/month`, `[a, b]`, `{weight: 80}`; digests as fingerprints, what is long cut off, `(absent)` for nil.
    package static func shown(_ json: String?) -> String {
        guard let json else { return "(absent)" }
        guard let node = FieldNode(json) else { return json.printable.shortened(to: charactersMax) }
        return text(node, isInner: false).shortened(to: charactersMax)
    }

    /// `sha256:9f3c0a1b` for 64 hexadecimal digits; nil for any other text.
    package static func fingerprint(_ text: String) -> String? {
        let digits = text.utf8
        let isDigest = digits.count == 64 && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isDigest ? "sha256:\(text.prefix(fingerprintDigits))" : nil
    }

    /// How one list of scalars comes from another: what is added and what is removed; nil for anything else.
    static func listChange(from old: String?, to new: String?) -> String? {
        guard let old = old.flatMap(FieldNode.init)?.items, let new = new.flatMap(FieldNode.init)?.items,
            (old + new).allSatisfy(\.isScalar)
        else { return nil }
        let (before, after) = (old.map { text($0, isInner: true) }, new.map { text($0, isInner: true) })
        let added = after.filter { !before.contains($0) }
        let removed = before.filter { !after.contains($0) }
        if added.count == 1 && removed.count == 1 && before.count == after.count {
            return "\(cut(removed[0])) → \(cut(added[0]))"
        }
        if added.isEmpty && removed.isEmpty { return "order \(list(before)) → \(list(after))" }
        let parts = [
            removed.isEmpty ? "" : "removed \(cut(removed.joined(separator: ", ")))",
            added.isEmpty ? "" : "added \(cut(added.joined(separator: ", ")))",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static func list(_ items: [String]) -> String { cut("[" + items.joined(separator: ", ") + "]") }

    private static func cut(_ text: String) -> String { text.shortened(to: charactersMax) }

    private static func text(_ node: FieldNode, isInner: Bool) -> String {
        switch node.content {
        case .scalar: scalar(node, isInner: isInner)
        case .list(let items): "[" + items.map { text($0, isInner: true) }.joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(word($0.name)): \(text($0.value, isInner: true))" }.joined(separator: ", ") + "}"
        }
    }

    /// Without quotes where nothing can be misread.
    private static func scalar(_ node: FieldNode, isInner: Bool) -> String {
        guard node.text.hasPrefix("\""), let text = node.scalar else { return node.text.printable }
        if let fingerprint = fingerprint(text) { return fingerprint }
        return isInner ? word(text) : isPlain(text, but: "") ? text : quoted(text)
    }

    private static func word(_ text: String) -> String { isPlain(text, but: ",[]{}:") ? text : quoted(text) }

    private static func quoted(_ text: String) -> String { JSONTree.string(text).text.printable }

    private static func isPlain(_ text: String, but refused: String) -> Bool {
        guard let first = text.first, let last = text.last, first != " ", last != " ", first != "(", first != "\"",
            !["true", "false", "null"].contains(text), !FieldPointer.isNumber(text)
        else { return false }
        return text.unicodeScalars.allSatisfy { $0.isPrintable && !refused.unicodeScalars.contains($0) }
    }
}
