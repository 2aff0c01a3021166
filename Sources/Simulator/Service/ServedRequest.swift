internal import HTTP

/// One line of the log: what a request got.
struct ServedRequest: Equatable {
    /// The request's `x-request-id`, or one made up.
    var id: String
    var endpoint: Endpoint
    var model = ""
    var promptTokens = 0
    /// Words handed to the connection.
    var completionTokens = 0
    /// Images made, characters spoken or seconds heard.
    var units = 0
    /// 0 when the connection was broken before any status.
    var status = 0
    var isStream = false
    /// Whether the whole answer was handed to the connection.
    var isComplete = false

    var line: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("request_id", id)
        writer.member("model", model)
        writer.member("endpoint", endpoint.rawValue)
        writer.member("prompt_tokens", promptTokens)
        writer.member("completion_tokens", completionTokens)
        if units > 0 { writer.member("units", units) }
        writer.member("status", status)
        writer.member("stream", isStream)
        writer.member("complete", isComplete)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
