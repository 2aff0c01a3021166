internal import HTTP
internal import Policy
internal import Spec

/// The shape in which an endpoint family tells errors.
enum ErrorShape {
    /// `{"error":{"message","type","param","code"}}`
    case openAI
    /// RFC 9457, for `/v1/inference`.
    case problem

    var contentType: String {
        switch self {
        case .openAI: "application/json"
        case .problem: "application/problem+json"
        }
    }

    /// An error as the last event of a stream. All SDKs of this interface look for `error` in the data of an event, whatever the
    /// shape of its other errors, and take a stream without `[DONE]` for broken off.
    func event(_ error: AnswerError, decision: String?) -> [UInt8] {
        Array("data: ".utf8) + Self.openAI.body(error, decision: decision) + Array("\n\n".utf8)
    }

    func body(_ error: AnswerError, decision: String?) -> [UInt8] {
        var writer = JSONWriter(capacity: 768)
        switch self {
        case .openAI:
            writer.beginObject()
            writer.name("error")
            writer.error(error, decision: decision)
            writer.endObject()
        case .problem: writer.problem(error, decision: decision)
        }
        return writer.bytes
    }
}

extension JSONWriter {
    /// OpenAI's error object: its four members always, and ours under one name.
    fileprivate mutating func error(_ error: AnswerError, decision: String?) {
        beginObject()
        member("message", error.message)
        member("type", error.type)
        name("param")
        if let param = error.param { string(param) } else { null() }
        member("code", error.code)
        charter(error, decision: decision)
        endObject()
    }

    fileprivate mutating func problem(_ error: AnswerError, decision: String?) {
        beginObject()
        member("type", "urn:charter:error:\(error.charterCode)")
        member("title", error.charterCode.replacingUnderscores)
        member("status", error.status)
        member("detail", error.message)
        if let decision { member("instance", "urn:charter:decision:\(decision)") }
        member("code", error.charterCode)
        if let param = error.param { member("param", param) }
        charter(error, decision: decision)
        endObject()
    }

    private mutating func charter(_ error: AnswerError, decision: String?) {
        name("charter")
        beginObject()
        member("code", error.charterCode)
        if let decision { member("decision", decision) }
        if let instant = error.resetsAt { member("resets_at", instant.rfc3339) }
        if let rule = error.rule {
            name("rule")
            self.rule(rule)
        }
        endObject()
    }

    private mutating func rule(_ rule: Rule) {
        beginObject()
        member("resource", rule.resource.description)
        member("field", rule.field)
        if let origin = rule.origin {
            member("path", origin.path)
            member("line", origin.line)
            member("column", origin.column)
            if !origin.commit.isEmpty { member("commit", origin.commit) }
            if !origin.author.isEmpty { member("author", origin.author) }
        }
        endObject()
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
