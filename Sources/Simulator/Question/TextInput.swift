internal import HTTP

/// One input of a request that takes a string, strings, token ids, or lists of token ids.
struct TextInput {
    var tokens: Int
    var seed: UInt64

    static func read(_ fields: FieldReader, _ name: String, countMax: Int) throws(APIFault) -> [TextInput] {
        let value = try fields.required(name)
        guard let array = value.array() else {
            guard let input = TextInput(string: value) else { throw fields.wrongType(name, expected) }
            return [input]
        }
        if let tokens = TextInput(tokens: array) { return [tokens] }
        var inputs: [TextInput] = []
        for element in array {
            let input = TextInput(string: element) ?? element.array().flatMap { TextInput(tokens: $0) }
            guard let input else { throw fields.wrongType(name, expected) }
            if inputs.count == countMax { throw .invalid("'\(name)' has more than \(countMax) elements.", param: name) }
            inputs.append(input)
        }
        if inputs.isEmpty { throw .invalid("'\(name)' must not be empty.", param: name) }
        return inputs
    }

    private static let expected = "a string, an array of strings, or token ids"

    /// The seed comes from the value, so that it does not matter how the string is escaped.
    private init?(string: JSONValue) {
        guard var text = string.string() else { return nil }
        tokens = WordCount.count(string)
        seed = text.withUTF8 { Draws.seed(UnsafeRawBufferPointer($0)) }
    }

    /// Each token id is a token. Nil unless all are integers and there is at least one.
    private init?(tokens array: JSONArray) {
        var count = 0
        var seed: UInt64 = 0
        for element in array {
            guard let id = element.int() else { return nil }
            seed = Draws.mixed(seed ^ UInt64(bitPattern: id))
            count += 1
        }
        if count == 0 { return nil }
        tokens = count
        self.seed = seed
    }
}
