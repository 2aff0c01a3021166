internal import HTTP

/// JSON text that fits a JSON Schema, which its seed determines: every property, two items in a list, the first of alternatives.
///
/// White space stands behind every comma and colon, so that it is many words. What a schema says by `pattern`, `multipleOf` and
/// `not` is not heeded.
struct SchemaSample {
    private let root: JSONValue
    private var draws: Draws
    private(set) var bytes: [UInt8] = []

    /// Below this depth, or behind this many bytes, only what is required is written, so that recursion ends.
    private static let depthOfAll = 6
    private static let bytesOfAll = 16_384
    /// A schema that requires itself has no finite value; below this stands null.
    private static let depthMax = 48

    /// An empty object for what is no schema.
    static func text(fitting schema: [UInt8], seed: UInt64) -> [UInt8] {
        schema.withUnsafeBytes { bytes in
            guard let scan = try? JSONScan(bytes) else { return Array("{}".utf8) }
            var sample = SchemaSample(root: scan.root, draws: Draws(seed: seed))
            sample.write(scan.root, depth: 0)
            return sample.bytes
        }
    }

    private init(root: JSONValue, draws: Draws) {
        self.root = root
        self.draws = draws
    }

    private mutating func write(_ value: JSONValue, depth: Int) {
        guard depth < Self.depthMax else { return bytes.append("null") }
        guard let schema = value.object() else { return writeText(nil) }
        if let place = schema["$ref"]?.string() {
            guard let target = resolve(place) else { return bytes.append("null") }
            write(target, depth: depth + 1)
        } else if let constant = schema["const"] {
            bytes.append(contentsOf: constant.text)
        } else if let values = schema["enum"]?.array().map(Array.init), !values.isEmpty {
            bytes.append(contentsOf: values[Int(draws.next() % UInt64(values.count))].text)
        } else if let alternatives = alternatives(schema), let chosen = choose(alternatives, depth) {
            write(chosen, depth: depth + 1)
        } else {
            writeTyped(schema, depth: depth)
        }
    }

    private func alternatives(_ schema: JSONObject) -> [JSONValue]? {
        (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"])?.array().map(Array.init)
    }

    private func choose(_ alternatives: [JSONValue], _ depth: Int) -> JSONValue? {
        let null = alternatives.first { $0.object()?["type"]?.equals("null") == true }
        return isBrief(depth) ? null ?? alternatives.first : alternatives.first
    }

    private func isBrief(_ depth: Int) -> Bool { depth >= Self.depthOfAll || bytes.count >= Self.bytesOfAll }

    private mutating func writeTyped(_ schema: JSONObject, depth: Int) {
        switch Self.type(schema) {
        case "object": writeObject(schema, depth: depth)
        case "array": writeArray(schema, depth: depth)
        case "integer": bytes.append(decimal: Int(number(schema)))
        case "number": bytes.append(contentsOf: number(schema).description.utf8)
        case "boolean": bytes.append(contentsOf: (draws.next() & 1 == 0 ? "true" : "false").utf8)
        case "null": bytes.append("null")
        default: writeText(schema)
        }
    }

    private static func type(_ schema: JSONObject) -> String {
        if let several = schema["type"]?.array() {
            return several.first { !$0.equals("null") }?.string() ?? "null"
        }
        if let type = schema["type"]?.string() { return type }
        if schema["properties"] != nil { return "object" }
        return schema["items"] != nil ? "array" : "string"
    }

    private mutating func writeObject(_ schema: JSONObject, depth: Int) {
        let required = Set(schema["required"]?.array()?.compactMap { $0.string() } ?? [])
        var isFirst = true
        bytes.append("{")
        for member in schema["properties"]?.object().map(Array.init) ?? [] {
            if isBrief(depth), !required.contains(member.name) { continue }
            if !isFirst { bytes.append(", ") }
            isFirst = false
            bytes.append(contentsOf: JSONWriter.quoted(member.name).utf8)
            bytes.append(": ")
            write(member.value, depth: depth + 1)
        }
        bytes.append("}")
    }

    private mutating func writeArray(_ schema: JSONObject, depth: Int) {
        let least = Int(schema["minItems"]?.int() ?? 0)
        let most = Int(schema["maxItems"]?.int() ?? Int64(Self.itemsMax))
        let count = min(max(least, isBrief(depth) ? 0 : Self.itemsUsual), most, Self.itemsMax)
        bytes.append("[")
        for index in 0..<max(0, count) {
            if index > 0 { bytes.append(", ") }
            if let items = schema["items"] { write(items, depth: depth + 1) } else { writeText(nil) }
        }
        bytes.append("]")
    }

    private static let itemsUsual = 2
    private static let itemsMax = 64

    /// Within the bounds that the schema gives; whole.
    private mutating func number(_ schema: JSONObject) -> Double {
        func bound(_ name: String) -> Double? {
            schema[name].flatMap { Double(String(decoding: $0.text, as: UTF8.self)) }
        }
        let least = bound("minimum") ?? bound("exclusiveMinimum").map { $0.rounded(.down) + 1 }
        let most = bound("maximum") ?? bound("exclusiveMaximum").map { $0.rounded(.up) - 1 }
        let low = (least ?? min(1, most ?? 1)).rounded(.up)
        let high = max(low, (most ?? low + Self.numbersUsual).rounded(.down))
        let drawn = low + (draws.nextFraction() * (high - low)).rounded(.down)
        return abs(drawn) < Self.wholeMax ? drawn : 0
    }

    private static let numbersUsual = 99.0
    /// Every whole number below has a Double and an Int of its own.
    private static let wholeMax = 9e15

    private mutating func writeText(_ schema: JSONObject?) {
        bytes.append("\"")
        if let format = schema?["format"]?.string(), let text = Self.formats[format] {
            bytes.append(contentsOf: text.utf8)
        } else {
            let least = Int(schema?["minLength"]?.int() ?? 1)
            let most = Int(schema?["maxLength"]?.int() ?? Int64(Int32.max))
            bytes.append(contentsOf: words(atLeast: least).prefix(max(0, most)))
        }
        bytes.append("\"")
    }

    private mutating func words(atLeast length: Int) -> [UInt8] {
        var text = word()
        text.append(" ")
        text.append(contentsOf: word())
        while text.count < min(length, Self.bytesOfAll) {
            text.append(" ")
            text.append(contentsOf: word())
        }
        return text
    }

    private mutating func word() -> [UInt8] { Vocabulary.words[Int(draws.next() % UInt64(Vocabulary.words.count))] }

    private static let formats = [
        "date": "2026-01-31", "time": "12:30:00Z", "date-time": "2026-01-31T12:30:00Z", "duration": "PT90S",
        "email": "person@example.com", "uri": "https://example.com/", "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "hostname": "example.com",
    ]

    /// A place within the same schema, as `#/$defs/Name` (RFC 6901 §6).
    private func resolve(_ place: String) -> JSONValue? {
        guard place.hasPrefix("#") else { return nil }
        var value = root
        for step in place.dropFirst().split(separator: "/") {
            let name = step.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            guard let next = value.object()?[name] else { return nil }
            value = next
        }
        return value
    }
}
