@testable import Spec

/// JSON Schema draft-07, as far as the emitted schemas go: a keyword that it does not know is an error.
///
/// Values are trees of the YAML reader, so that a number is what the core schema of YAML 1.2 makes of it.
final class SchemaEvaluator {
    private let root: Node
    private var patterns: [String: Regex<AnyRegexOutput>] = [:]
    /// Keywords that were met and are not known.
    private(set) var unknown: Set<String> = []

    private static let remarks: Set<String> = [
        "$schema", "$id", "title", "description", "markdownDescription", "examples", "default", "definitions",
    ]

    init(_ schema: String) throws { root = try JSONReader.parse(schema) }

    func accepts(_ value: Node) -> Bool { rejection(of: value, by: root, at: "") == nil }

    /// Where and by which keyword it is refused; nil when it is not.
    func rejection(of value: Node) -> String? { rejection(of: value, by: root, at: "") }

    private func rejection(of value: Node, by schema: Node, at path: String) -> String? {
        if case .scalar(let scalar) = schema.content { return scalar.text == "false" ? "\(path): false" : nil }
        for entry in schema.entries {
            if let found = rejection(of: value, by: entry, in: schema, at: path) { return found }
        }
        return nil
    }

    private func rejection(of value: Node, by entry: Node.Entry, in schema: Node, at path: String) -> String? {
        let here = "\(path): \(entry.key)"
        switch entry.key {
        case "type": return entry.value.texts.contains { value.isOfType($0) } ? nil : here
        case "enum": return entry.value.items.contains { value.equals($0) } ? nil : here
        case "const": return value.equals(entry.value) ? nil : here
        case "pattern": return value.string.map { matches($0, entry.value.text) } ?? true ? nil : here
        case "minimum": return value.number.map { $0 >= entry.value.number ?? 0 } ?? true ? nil : here
        case "maximum": return value.number.map { $0 <= entry.value.number ?? 0 } ?? true ? nil : here
        case "minItems": return value.count.map { Double($0) >= entry.value.number ?? 0 } ?? true ? nil : here
        case "$ref":
            let name = entry.value.text.split(separator: "/").last.map(String.init) ?? ""
            return root["definitions"]?[name].map { rejection(of: value, by: $0, at: path) } ?? here
        case "allOf": return entry.value.items.lazy.compactMap { self.rejection(of: value, by: $0, at: path) }.first
        case "anyOf": return entry.value.items.contains { rejection(of: value, by: $0, at: path) == nil } ? nil : here
        case "oneOf":
            return entry.value.items.count { rejection(of: value, by: $0, at: path) == nil } == 1 ? nil : here
        case "if":
            let branch = rejection(of: value, by: entry.value, at: path) == nil ? schema["then"] : schema["else"]
            return branch.flatMap { rejection(of: value, by: $0, at: path) }
        case "then", "else": return schema["if"] == nil ? "\(here) without if" : nil
        case "items":
            guard case .sequence(let items) = value.content else { return nil }
            return items.enumerated().lazy.compactMap {
                self.rejection(of: $1, by: entry.value, at: "\(path)/\($0)")
            }.first
        case "required", "dependencies", "properties", "additionalProperties", "propertyNames":
            guard case .mapping(let members) = value.content else { return nil }
            return rejection(of: members, by: entry, in: schema, at: path)
        default:
            if !Self.remarks.contains(entry.key) { unknown.insert(entry.key) }
            return nil
        }
    }

    private func rejection(of members: [Node.Entry], by entry: Node.Entry, in schema: Node, at path: String) -> String? {
        let names = Set(members.map(\.key))
        switch entry.key {
        case "required": return entry.value.texts.first { !names.contains($0) }.map { "\(path): required \($0)" }
        case "dependencies":
            for dependency in entry.value.entries where names.contains(dependency.key) {
                if let missing = dependency.value.texts.first(where: { !names.contains($0) }) {
                    return "\(path): \(dependency.key) needs \(missing)"
                }
            }
            return nil
        case "properties":
            return members.lazy.compactMap { member in
                entry.value[member.key].flatMap { self.rejection(of: member.value, by: $0, at: "\(path)/\(member.key)") }
            }.first
        case "additionalProperties":
            let declared = schema["properties"]
            return members.lazy.filter { declared?[$0.key] == nil }.compactMap {
                self.rejection(of: $0.value, by: entry.value, at: "\(path)/\($0.key)")
            }.first
        default:
            return members.lazy.compactMap { member in
                let name = Node(content: .scalar(Scalar(text: member.key, isPlain: false)), extent: .start)
                return self.rejection(of: name, by: entry.value, at: "\(path)/\(member.key) (name)")
            }.first
        }
    }

    /// Somewhere in the text, by Unicode scalars, as ECMA-262 with the flag `u`.
    private func matches(_ text: String, _ pattern: String) -> Bool {
        do {
            let regex = try patterns[pattern] ?? Regex(pattern).matchingSemantics(.unicodeScalar)
            patterns[pattern] = regex
            return try regex.firstMatch(in: text) != nil
        } catch {
            unknown.insert("pattern \(pattern)")
            return true
        }
    }
}

extension Node {
    var entries: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }
    var items: [Node] { if case .sequence(let items) = content { items } else { [] } }
    var text: String { if case .scalar(let scalar) = content { scalar.text } else { "" } }
    /// Of one string or a list of such.
    fileprivate var texts: [String] { items.isEmpty ? [text] : items.map(\.text) }
    fileprivate var count: Int? { if case .sequence(let items) = content { items.count } else { nil } }

    subscript(_ name: String) -> Node? { entries.first { $0.key == name }?.value }

    fileprivate var type: Scalar.ScalarType? { if case .scalar(let scalar) = content { scalar.type } else { nil } }
    fileprivate var string: String? { type == .string ? text : nil }

    fileprivate var number: Double? {
        switch type {
        case .integer where text.hasPrefix("0x"): Int(text.dropFirst(2), radix: 16).map(Double.init) ?? .infinity
        case .integer where text.hasPrefix("0o"): Int(text.dropFirst(2), radix: 8).map(Double.init) ?? .infinity
        case .integer, .float:
            text.lowercased().hasSuffix(".inf")
                ? (text.hasPrefix("-") ? -.infinity : .infinity) : Double(text) ?? Double(text + "0") ?? .nan
        default: nil
        }
    }

    fileprivate func isOfType(_ name: String) -> Bool {
        switch (name, content) {
        case ("object", .mapping), ("array", .sequence): true
        case ("string", .scalar): type == .string
        case ("boolean", .scalar): type == .boolean
        case ("null", .scalar): type == .null
        case ("number", .scalar): number != nil
        // Draft-07, section 6.1.1: a number with a zero fraction is an integer.
        case ("integer", .scalar): number.map { $0 == $0.rounded() && $0.isFinite } ?? false
        default: false
        }
    }

    /// Scalars only, which is what the emitted `enum` and `const` hold.
    fileprivate func equals(_ other: Node) -> Bool {
        guard let type, let others = other.type else { return false }
        if let number, let value = other.number { return number == value }
        return type == others && (type == .boolean ? text.lowercased() == other.text.lowercased() : type == .null || text == other.text)
    }
}
