internal import Spec

/// A value of a canonical text with what stands in it; every value keeps its own JSON text.
struct FieldNode: Sendable {
    enum Content: Sendable {
        case scalar
        case list([FieldNode])
        /// Names without the escapes of JSON, in the order of the text.
        case object([(name: String, value: FieldNode)])
    }

    let text: String
    let content: Content

    /// Nil for a text that is not JSON, or has a name twice, as a row edited by hand may hold.
    init?(_ text: String) {
        var walk = JSONWalk(text)
        guard let range = try? walk.value(), (try? walk.finish()) != nil, let node = FieldNode(walk.bytes, at: range)
        else { return nil }
        self = node
    }

    private init?(_ bytes: [UInt8], at range: Range<Int>) {
        var walk = JSONWalk(bytes, at: range)
        text = walk.text(range)
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "{"):
            guard let members = try? walk.members() else { return nil }
            var found: [(name: String, value: FieldNode)] = []
            for member in members {
                guard let value = FieldNode(bytes, at: member.value) else { return nil }
                found.append((walk.unescaped(member.name), value))
            }
            guard Set(found.map(\.name)).count == found.count else { return nil }
            content = .object(found)
        case UInt8(ascii: "["):
            guard let elements = try? walk.elements() else { return nil }
            var found: [FieldNode] = []
            for element in elements {
                guard let value = FieldNode(bytes, at: element) else { return nil }
                found.append(value)
            }
            content = .list(found)
        default: content = .scalar
        }
    }

    /// The members of an object that has some.
    var members: [(name: String, value: FieldNode)]? {
        if case .object(let members) = content, !members.isEmpty { members } else { nil }
    }

    var items: [FieldNode]? {
        if case .list(let items) = content { items } else { nil }
    }

    subscript(name: String) -> FieldNode? { members?.first { $0.name == name }?.value }

    /// A scalar as text, without quotes and escapes.
    var scalar: String? {
        guard case .scalar = content else { return nil }
        let walk = JSONWalk(text)
        return walk.string(at: 0..<walk.bytes.count)
    }

    var isScalar: Bool { if case .scalar = content { true } else { false } }

    /// How many values stand in it that have none inside; an empty list or object is one, and so is a list of scalars.
    var leafCount: Int {
        switch content {
        case .scalar: 1
        case .list(let items):
            items.allSatisfy(\.isScalar) ? 1 : items.reduce(0) { $0 + $1.leafCount }
        case .object(let members): max(1, members.reduce(0) { $0 + $1.value.leafCount })
        }
    }
}
