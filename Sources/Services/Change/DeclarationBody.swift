internal import Spec

/// A declaration as a caller sends it: what `declared` of the answers holds, with `spec` and what else is not its identity; a value.
struct DeclarationBody {
    private(set) var entries: [Node.Entry]

    /// Throws what is wrong with the text.
    init(_ body: [UInt8]) throws(Problem) {
        guard let text = String(validating: body, as: UTF8.self) else { throw Problem(.malformed, "the body is not UTF-8") }
        let node: Node
        do { node = try JSONReader.parse(text) } catch {
            throw Problem(.malformed, "the body is not JSON: \(error.message), after \(error.offset) bytes")
        }
        guard case .mapping(let entries) = node.content else { throw Problem(.invalidBody, "the body is no object") }
        self.entries = entries
    }

    private var tree: JSONTree { .object(entries.map { ($0.key, JSONTree($0.value)) }) }

    /// The canonical text, which the language's own reader makes of it. Throws every mistake, each with its JSON pointer.
    func canonical(of key: ResourceKey) throws(Problem) -> String { try Self.canonical(of: key, tree) }

    static func canonical(of key: ResourceKey, _ tree: JSONTree) throws(Problem) -> String {
        do { return try Resource.decode(key: key, canonical: tree.text).canonical } catch {
            throw Problem(error.diagnostics.map { Problem.Mistake($0.pointer ?? "", $0.message + ($0.hint.map { " (\($0))" } ?? "")) })
        }
    }

    func spec(_ name: String) -> Node? { entries.first { $0.key == "spec" }?.value.entries.first { $0.key == name }?.value }

    /// Puts a field into the spec, where there is one.
    mutating func set(_ name: String, ofSpec value: Node) {
        guard let index = entries.firstIndex(where: { $0.key == "spec" }) else { return }
        var entry = entries[index]
        (entry.key, entry.value) = (name, value)
        let fields = entries[index].value.entries.filter { $0.key != name }
        entries[index].value.content = .mapping(fields + [entry])
    }

    /// Takes a text out that stands beside the declaration, such as the name of what is to be made; nil where it is none.
    mutating func take(_ name: String) -> String? {
        guard let index = entries.firstIndex(where: { $0.key == name }), case .scalar(let scalar) = entries[index].value.content,
            !scalar.isPlain
        else { return nil }
        entries.remove(at: index)
        return scalar.text
    }
}
