/// Scalar fields that stand for a time in place of what a resource declares.
package struct ResourcePatch: Hashable, Sendable {
    /// JSON pointer of each field to its value, as the text of a JSON scalar.
    package private(set) var fields: [String: String]
    /// What the list element of a pointer said when the patch was made: its text, or the model of a route's target.
    package internal(set) var elements: [String: String]

    package init(_ fields: [String: String], elements: [String: String] = [:]) { (self.fields, self.elements) = (fields, elements) }

    package var isEmpty: Bool { fields.isEmpty }

    /// Reads two objects whose members are pointers; throws for anything else.
    package init(json: String, elements: String = "{}") throws(JSONProblem) {
        fields = try Self.scalars(json).mapValues(\.json)
        self.elements = try Self.scalars(elements).mapValues(\.text)
    }

    private static func scalars(_ json: String) throws(JSONProblem) -> [String: Scalar] {
        let node = try JSONReader.parse(json)
        guard case .mapping(let entries) = node.content else { throw JSONProblem(message: "a patch is an object", offset: 0) }
        var scalars: [String: Scalar] = [:]
        for entry in entries {
            guard case .scalar(let scalar) = entry.value.content else {
                throw JSONProblem(message: "`\(entry.key)` of a patch is no scalar", offset: 0)
            }
            scalars[entry.key] = scalar
        }
        return scalars
    }

    /// Compact, in the order of the pointers' bytes.
    package var json: String {
        var text = JSONText(capacity: 128)
        text.object { text in
            for (pointer, value) in ordered {
                text.name(pointer)
                text.raw(value)
            }
        }
        return text.json
    }

    /// `elements` as `json` writes fields.
    package var elementsJSON: String {
        var text = JSONText(capacity: 64)
        text.object { text in
            for (pointer, element) in elements.sorted(by: { $0.key.precedesInBytes($1.key) }) { text.member(pointer, element) }
        }
        return text.json
    }

    /// In the order of the pointers' bytes.
    package var ordered: [(pointer: String, value: String)] {
        fields.sorted { $0.key.precedesInBytes($1.key) }.map { (pointer: $0.key, value: $0.value) }
    }

    /// Another value of one field.
    package mutating func set(_ pointer: String, to value: String) { fields[pointer] = value }
}

/// Why a patch cannot be laid over a resource.
package enum PatchProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no such field to change.
    case noField(pointer: String)
    /// What was meant of a list is not in it any more.
    case elementGone(pointer: String, element: String)
    /// What would come of it is not valid, in words.
    case invalid([String])

    package var description: String {
        switch self {
        case .noField(let pointer): "there is nothing at \(pointer) whose value could be another"
        case .elementGone(let pointer, let element): "`\(element.printable)`, which stood at \(pointer), is not declared any more"
        case .invalid(let reasons): reasons.joined(separator: "; ")
        }
    }
}

extension Scalar {
    /// As it stands in JSON.
    fileprivate var json: String {
        guard !isPlain else { return text }
        var quoted = JSONText(capacity: text.utf8.count + 2)
        quoted.string(text)
        return quoted.json
    }
}
