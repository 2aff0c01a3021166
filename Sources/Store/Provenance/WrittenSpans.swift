internal import Spec

/// The places of a resource's fields as they are at hand: as a value, or as the column that is read only when somebody asks,
/// since a plan looks at a few of a hundred thousand.
enum WrittenSpans: Sendable {
    case value(Spans)
    /// `{pointer: [line, column]}`, with the path as a third element where it is not the resource's own file.
    case column(String, path: String)

    var value: Spans {
        switch self {
        case .value(let spans): spans
        case .column(let text, let path): Spans(column: text, path: path)
        }
    }

    var column: String {
        switch self {
        case .value(let spans): spans.column
        case .column(let text, _): text
        }
    }

    /// False only where every field is certain to stand in the resource's own file.
    var mayInherit: Bool {
        switch self {
        case .value(let spans): !spans.inheritedPaths.isEmpty
        case .column(let text, _): Self.endsAListWithText(text.utf8.span)
        }
    }

    /// A path stands last in its list; what looks like one within a pointer only costs a closer look.
    private static func endsAListWithText(_ bytes: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "]") && previous == UInt8(ascii: "\"") { return true }
            previous = bytes[index]
        }
        return false
    }
}

extension Spans {
    fileprivate var column: String {
        var text = JSONText()
        text.object { text in
            forEach { pointer, position, path in
                text.name(JSONText.storable(pointer))
                text.array { text in
                    text.integer(Int64(position.line))
                    text.integer(Int64(position.column))
                    if let path { text.string(path) }
                }
            }
        }
        return text.json
    }

    /// What is no place is left out: provenance explains, and must never keep a state from loading.
    fileprivate init(column text: String, path: String) {
        var walk = JSONWalk(text)
        let members = (try? walk.members()) ?? []
        let fields: [Field] = members.compactMap { member in
            var value = JSONWalk(walk.bytes, at: member.value)
            guard let place = try? value.elements(), (2...3).contains(place.count),
                let line = Int(walk.text(place[0])), let column = Int(walk.text(place[1]))
            else { return nil }
            return (
                walk.unescaped(member.name), Position(line: line, column: column),
                place.count == 3 ? walk.unescaped(place[2].dropFirst().dropLast()) : nil
            )
        }
        self.init(path: path, fields)
    }
}
