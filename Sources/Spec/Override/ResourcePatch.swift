/// Scalar fields that stand for a time in place of what a resource declares.
package struct ResourcePatch: Hashable, Sendable {
    /// JSON pointer of each field to its value, as the text of a JSON scalar.
    package private(set) var fields: [String: String]

    package init(_ fields: [String: String]) { self.fields = fields }

    package var isEmpty: Bool { fields.isEmpty }

    /// Reads an object whose members are pointers; throws for anything else.
    package init(json: String) throws(JSONProblem) {
        let node = try JSONReader.parse(json)
        guard case .mapping(let entries) = node.content else { throw JSONProblem(message: "a patch is an object", offset: 0) }
        fields = [:]
        for entry in entries {
            guard case .scalar(let scalar) = entry.value.content else {
                throw JSONProblem(message: "`\(entry.key)` of a patch is no scalar", offset: 0)
            }
            fields[entry.key] = scalar.json
        }
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
    /// What would come of it is not valid, in words.
    case invalid([String])

    package var description: String {
        switch self {
        case .noField(let pointer): "there is nothing at \(pointer) whose value could be another"
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
