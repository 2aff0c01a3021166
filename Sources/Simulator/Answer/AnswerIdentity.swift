internal import HTTP

/// What every part of one answer repeats.
struct AnswerIdentity {
    let endpoint: Endpoint
    /// Unique within the process.
    let serial: UInt64
    /// Seconds since 1970 UTC.
    let created: Int64
    let model: String
    /// The members that begin every body and chunk, from `{"id"` to the comma behind the last of them.
    let opening: [UInt8]
    let oddities: Oddities

    /// `isChunk`: the object is a part of a stream. A text completion names its parts like the whole.
    init(
        endpoint: Endpoint, serial: UInt64, created: Int64, model: String, isChunk: Bool, oddities: Oddities = []
    ) {
        self.endpoint = endpoint
        self.oddities = oddities
        self.serial = serial
        self.created = created
        self.model = model
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text.append(endpoint == .chatCompletions ? #"{"id":"chatcmpl-sim"# : #"{"id":"cmpl-sim"#)
        text.append(decimal: serial)
        text.append(#"","object":""#)
        switch endpoint {
        case .chatCompletions: text.append(isChunk ? "chat.completion.chunk" : "chat.completion")
        default: text.append("text_completion")
        }
        text.append(#"","created":"#)
        text.append(decimal: created)
        text.append(#","model":"#)
        var writer = JSONWriter(appendingTo: text)
        writer.string(model)
        text = writer.bytes
        text.append(#","system_fingerprint":"fp_simulated","#)
        opening = oddities.contains(.noIdentity) ? [UInt8(ascii: "{")] : text
    }

    /// Begins a choice behind the one before it: `{"index":0,`.
    func openChoice(_ index: Int, to text: inout [UInt8]) {
        text.append("{")
        guard !oddities.contains(.choicesWithoutIndex) else { return }
        text.append(#""index":"#)
        text.append(decimal: index)
        text.append(",")
    }

    func appendFinish(_ finish: GeneratedText.Finish, to text: inout [UInt8]) {
        let word = finish == .stop && oddities.contains(.eos) ? "eos" : finish.rawValue
        text.append("\"")
        text.append(contentsOf: word.utf8)
        text.append("\"")
    }

    /// The members of a call of a tool that stand before its arguments' text, in a chunk behind its index.
    func openCall(_ tool: [UInt8], choice: Int, to text: inout [UInt8]) {
        text.append(#""id":"call_sim"#)
        text.append(decimal: serial)
        text.append("_")
        text.append(decimal: choice)
        text.append(#"","type":"function","function":{"name":"#)
        text.append(contentsOf: tool)
        text.append(#","arguments":""#)
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal value: some BinaryInteger) { append(contentsOf: String(value).utf8) }
}
