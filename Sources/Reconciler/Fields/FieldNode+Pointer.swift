internal import Spec

extension FieldNode {
    /// The value at a JSON pointer (RFC 6901); nil where there is none.
    func value(at pointer: String) -> FieldNode? {
        var node = self
        for name in JSONPointer.names(pointer) {
            switch node.content {
            case .scalar: return nil
            case .list(let items):
                guard let index = Int(name), items.indices.contains(index) else { return nil }
                node = items[index]
            case .object(let members):
                guard let member = members.first(where: { $0.name == name }) else { return nil }
                node = member.value
            }
        }
        return node
    }
}
