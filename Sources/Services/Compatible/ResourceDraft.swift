internal import Spec
internal import Store

/// A resource that is to be declared, read as a file's would be; a value.
struct ResourceDraft {
    let resource: Resource

    /// Throws what is wrong with the first field that is.
    init(_ key: ResourceKey, _ spec: [(String, JSONTree?)]) throws(Problem) {
        let given = spec.compactMap { name, value in value.map { (name, $0) } }
        do {
            resource = try Resource.decode(key: key, canonical: JSONTree.object([("spec", .object(given))]).text)
        } catch {
            let first = error.diagnostics.first
            throw Problem(.invalidBody, (first?.message ?? "it cannot be declared") + (first?.hint.map { "; \($0)" } ?? ""))
        }
    }

    var step: ChangePatch.Step { .declare(resource.key, canonical: resource.canonical) }

    /// That nothing declares it yet.
    var seen: [ResourceKey: String?] { [resource.key: nil] }
}

extension [ResourceDraft] {
    /// That nothing declares any of them yet.
    var seen: [ResourceKey: String?] { reduce(into: [:]) { $0.merge($1.seen) { first, _ in first } } }
}

extension JSONTree {
    static func strings(_ items: [String]) -> JSONTree { .array(items.map(JSONTree.string)) }

    static func integer(_ number: Int64?) -> JSONTree { number.map { .int($0) } ?? .null }

    /// Nil for nothing and for no items, which no declaration needs to say.
    static func given(_ items: [String]) -> JSONTree? { items.isEmpty ? nil : .strings(items) }

    static func given(_ text: String?) -> JSONTree? { text.map { .string($0) } }
}
