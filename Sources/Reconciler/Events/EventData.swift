internal import Spec

/// JSON that an event was written with, to be read by name. What cannot be read is not there.
struct EventData {
    private let node: Node?

    init(_ text: String) { node = try? JSONReader.parse(text) }

    private init(node: Node?) { self.node = node }

    private func value(_ name: String) -> Node? {
        guard case .mapping(let entries)? = node?.content else { return nil }
        return entries.first { $0.key == name }?.value
    }

    /// The text of a member that is text or a number; nil for `null` too.
    subscript(name: String) -> String? { value(name).flatMap(Self.text) }

    func items(_ name: String) -> [EventData] {
        guard case .sequence(let items)? = value(name)?.content else { return [] }
        return items.map { EventData(node: $0) }
    }

    /// The items of a list of texts and numbers.
    var texts: [String] {
        guard case .sequence(let items)? = node?.content else { return [] }
        return items.compactMap(Self.text)
    }

    func texts(_ name: String) -> [String] { EventData(node: value(name)).texts }

    /// The members of an object of texts.
    func members(_ name: String) -> [String: String] {
        guard case .mapping(let entries)? = value(name)?.content else { return [:] }
        return Dictionary(entries.compactMap { entry in Self.text(entry.value).map { (entry.key, $0) } }) { first, _ in first }
    }

    private static func text(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node.content, scalar.type != .null else { return nil }
        return scalar.text
    }
}
