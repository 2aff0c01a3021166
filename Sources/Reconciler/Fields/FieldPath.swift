internal import Spec

/// The way to a field as people say it: items of lists by what names them rather than by their number.
struct FieldPath: Sendable {
    private(set) var text = ""

    /// `spec.budget`, or `spec["gpt-4.1"]` for a name that is no plain word.
    func member(_ name: String) -> FieldPath {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy(FieldPointer.isPlain) && !FieldPointer.isNumber(name)
        return isPlain ? appending((text.isEmpty ? "" : ".") + name) : appending("[\(JSONTree.string(name).text)]")
    }

    /// `spec.targets[openai/gpt-4o]`, and `spec.secrets[sha256:9f3c0a1b]`.
    func item(named name: String) -> FieldPath { appending("[\(ValueText.fingerprint(name) ?? name.printable)]") }

    func item(at index: Int) -> FieldPath { appending("[\(index)]") }

    private func appending(_ step: String) -> FieldPath {
        var path = self
        path.text += step
        return path
    }
}
