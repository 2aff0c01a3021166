internal import Spec
package import Store

/// `field=value`, as people write a change of one field.
package struct FieldAssignment: Hashable, Sendable {
    /// Where the field stands in its document (RFC 6901).
    package let pointer: String
    /// JSON text; nil where the field is removed.
    package let value: String?

    /// `hard=400 USD/month`, `metadata.labels.tier=gold`, `/spec/targets/0/weight=3`, `scopes=["chat"]`, or `hard=` to remove it.
    ///
    /// What begins with neither `metadata` nor `spec` is a field of the spec. A value that is JSON is that; any other is text.
    package init(_ text: String) throws(ChangeRefused) {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
            throw ChangeRefused("`\(text.printable)` is no change; write field=value, such as hard=400 USD/month")
        }
        pointer = try Self.pointer(String(text[..<sign]))
        let value = text[text.index(after: sign)...]
        self.value = value.isEmpty ? nil : Self.json(String(value))
    }

    private static let roots: Set<String> = ["metadata", "spec"]

    private static func pointer(_ field: String) throws(ChangeRefused) -> String {
        let isPointer = field.hasPrefix("/")
        var names = isPointer ? JSONPointer.names(field) : field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else {
            throw ChangeRefused("`\(field.printable)` names no field; write spec.budget.hard, or /spec/budget/hard")
        }
        if !isPointer, !roots.contains(names[0]) { names.insert("spec", at: 0) }
        guard roots.contains(names[0]) else { throw ChangeRefused("`\(field.printable)` is a field of neither /metadata nor /spec") }
        return names.map { "/" + JSONPointer.escaped($0) }.joined()
    }

    /// JSON as it is, such as a list, `true`, a number or text in quotes; all else as text.
    private static func json(_ value: String) -> String {
        guard (try? JSONReader.parse(value)) == nil else { return value }
        var text = JSONText()
        text.string(value)
        return text.json
    }

    package var operation: ChangePatch.FieldOperation { ChangePatch.FieldOperation(pointer: pointer, value: value) }
}
