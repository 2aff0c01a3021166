internal import HTTP

/// The form that the answer to a chat is to have.
enum AnswerForm: Equatable {
    case text
    /// JSON that fits the schema, which is JSON text itself.
    case json(schema: [UInt8])
    /// A call of the tool, with arguments that fit the schema.
    case call(tool: String, parameters: [UInt8])

    /// A tool is called when one is demanded, or has not been called in the conversation yet; so agents come to an end.
    init(_ fields: FieldReader) throws(APIFault) {
        self = .text
        if let call = try Self.call(fields) {
            self = call
        } else if let format = fields.present("response_format") {
            guard let format = format.object() else { throw fields.wrongType("response_format", "an object") }
            self = Self.format(format)
        }
    }

    private static func format(_ format: JSONObject) -> AnswerForm {
        switch format["type"]?.string() {
        case "json_schema": .json(schema: format["json_schema"]?.object()?["schema"].map { Array($0.text) } ?? anyObject)
        case "json_object": .json(schema: anyObject)
        default: .text
        }
    }

    private static func call(_ fields: FieldReader) throws(APIFault) -> AnswerForm? {
        guard let value = fields.present("tools") else { return nil }
        guard let array = value.array() else { throw fields.wrongType("tools", "an array") }
        // Tools of another type run at the provider, and this one has none.
        let tools = array.compactMap { $0.object()?["function"]?.object() }
        let choice = fields.present("tool_choice")
        if choice?.equals("none") == true { return nil }
        if let name = choice?.object()?["function"]?.object()?["name"]?.string() {
            guard let tool = tools.first(where: { $0["name"]?.equals(name) == true }) else {
                throw .invalid("Tool choice '\(name)' is none of the tools.", param: "tool_choice")
            }
            return call(tool)
        }
        let called = calledTools(fields)
        let isDemanded = choice?.equals("required") == true
        let next = tools.first { tool in tool["name"]?.string().map { !called.contains($0) } ?? false }
        return (next ?? (isDemanded ? tools.last : nil)).flatMap(call)
    }

    private static func call(_ tool: JSONObject) -> AnswerForm? {
        guard let name = tool["name"]?.string() else { return nil }
        return .call(tool: name, parameters: tool["parameters"].map { Array($0.text) } ?? noArguments)
    }

    private static func calledTools(_ fields: FieldReader) -> Set<String> {
        var names: Set<String> = []
        fields.present("messages")?.array()?.forEach { message in
            message.object()?["tool_calls"]?.array()?.forEach { call in
                if let name = call.object()?["function"]?.object()?["name"]?.string() { names.insert(name) }
            }
        }
        return names
    }

    private static let anyObject = Array(#"{"type":"object","properties":{"answer":{"type":"string"}}}"#.utf8)
    private static let noArguments = Array(#"{"type":"object"}"#.utf8)
}
