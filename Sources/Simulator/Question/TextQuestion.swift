internal import HTTP

/// What a chat or text completion request asks for.
struct TextQuestion {
    var endpoint: Endpoint
    var model: String
    var promptTokens: Int
    /// One seed per prompt; a chat is one prompt.
    var promptSeeds: [UInt64]
    var choicesPerPrompt: Int
    var max: Int?
    var stops: [[UInt8]]
    var isStream: Bool
    var includesUsage: Bool
    var form = AnswerForm.text

    var choiceCount: Int { promptSeeds.count * choicesPerPrompt }

    /// As OpenAI limits it.
    private static let choicesMax = 128
    private static let stopsMax = 16
    private static let promptsMax = 2_048

    init(_ bytes: UnsafeRawBufferPointer, endpoint: Endpoint) throws(APIFault) {
        let fields = try FieldReader(bytes)
        self.endpoint = endpoint
        model = try fields.requiredString("model")
        choicesPerPrompt = try fields.integer("n", in: 1...Self.choicesMax) ?? 1
        isStream = try fields.bool("stream")
        stops = try Self.stops(fields)
        max = try fields.integer("max_tokens", in: 0...Int(Int32.max))
        promptTokens = 0
        promptSeeds = []
        includesUsage = false
        if let options = fields.present("stream_options") {
            guard let object = options.object() else { throw fields.wrongType("stream_options", "an object") }
            includesUsage = object["include_usage"]?.bool() ?? false
        }
        if endpoint == .chatCompletions {
            max = try fields.integer("max_completion_tokens", in: 0...Int(Int32.max)) ?? max
            try readMessages(fields)
            form = try AnswerForm(fields)
        } else {
            try readPrompts(fields)
        }
    }

    /// The texts of the choices in their order: all of the first prompt, then all of the next.
    func texts(seed: UInt64, wanted: Int?) -> [GeneratedText] {
        var texts: [GeneratedText] = []
        for prompt in promptSeeds {
            for choice in 0..<choicesPerPrompt {
                let textSeed = Draws.mixed(seed &+ UInt64(choice)) ^ prompt
                texts.append(text(seed: textSeed, wanted: wanted))
            }
        }
        return texts
    }

    private func text(seed: UInt64, wanted: Int?) -> GeneratedText {
        switch form {
        case .text: GeneratedText(seed: seed, wanted: wanted, max: max, stops: stops)
        case .json(let schema): GeneratedText(json: SchemaSample.text(fitting: schema, seed: seed), max: max)
        case .call(let tool, let parameters):
            GeneratedText(json: SchemaSample.text(fitting: parameters, seed: seed), max: max, tool: tool)
        }
    }

    private mutating func readMessages(_ fields: FieldReader) throws(APIFault) {
        let value = try fields.required("messages")
        guard let messages = value.array() else { throw fields.wrongType("messages", "an array") }
        var isEmpty = true
        for message in messages {
            isEmpty = false
            guard let message = message.object() else { throw fields.wrongType("messages", "an array of objects") }
            promptTokens += Self.words(message["content"])
        }
        if isEmpty { throw .invalid("'messages' must not be empty.", param: "messages") }
        promptSeeds = [Draws.seed(value.text)]
    }

    /// A content is a string or a list of parts, of which those with `text` count.
    private static func words(_ content: JSONValue?) -> Int {
        guard let parts = content?.array() else { return WordCount.count(content) }
        return parts.reduce(0) { $0 + WordCount.count($1.object()?["text"]) }
    }

    private mutating func readPrompts(_ fields: FieldReader) throws(APIFault) {
        let inputs = try TextInput.read(fields, "prompt", countMax: Self.promptsMax)
        promptTokens = inputs.reduce(0) { $0 + $1.tokens }
        promptSeeds = inputs.map(\.seed)
        if choiceCount > Self.promptsMax { throw .invalid("Too many prompts and choices.", param: "n") }
    }

    private static func stops(_ fields: FieldReader) throws(APIFault) -> [[UInt8]] {
        guard let value = fields.present("stop") else { return [] }
        if let text = value.string() { return [Array(text.utf8)] }
        guard let array = value.array() else { throw fields.wrongType("stop", "a string or an array of strings") }
        var stops: [[UInt8]] = []
        for element in array {
            guard let text = element.string() else { throw fields.wrongType("stop", "a string or an array of strings") }
            if stops.count == stopsMax { throw .invalid("'stop' has too many elements.", param: "stop") }
            stops.append(Array(text.utf8))
        }
        return stops
    }
}
