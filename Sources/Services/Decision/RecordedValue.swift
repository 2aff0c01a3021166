internal import Spec

/// One value of a JSON text that is only looked into; what is not there, or of another sort, reads as nothing.
struct RecordedValue {
    private let walk: JSONWalk
    private let range: Range<Int>

    /// Nil for what is no JSON.
    init?(_ text: String) {
        var walk = JSONWalk(text)
        guard let range = try? walk.value() else { return nil }
        self.init(walk, range)
    }

    private init(_ walk: JSONWalk, _ range: Range<Int>) { (self.walk, self.range) = (walk, range) }

    /// As it is written.
    var json: String { walk.text(range) }

    /// In their order; none of what is no object.
    var members: [(name: String, value: RecordedValue)] {
        var inner = JSONWalk(walk.bytes, at: range)
        return ((try? inner.members()) ?? []).map { (walk.unescaped($0.name), RecordedValue(walk, $0.value)) }
    }

    var elements: [RecordedValue] {
        var inner = JSONWalk(walk.bytes, at: range)
        return ((try? inner.elements()) ?? []).map { RecordedValue(walk, $0) }
    }

    subscript(name: String) -> RecordedValue? { members.first { $0.name == name }?.value }

    var text: String? { walk.bytes[range].first == UInt8(ascii: "\"") ? walk.string(at: range) : nil }

    var number: Int64? { Int64(walk.text(range)) }
}
