/// A whole answer in pictures or sound, and what it comes to.
struct MadeAnswer {
    var model: String
    var body: [UInt8]
    var contentType = "application/json"
    var promptTokens = 0
    var completionTokens = 0
    /// Images made, characters spoken or seconds heard.
    var units = 0

    static let eventStream = "text/event-stream"

    /// Events as OpenAI sends them for pictures and sound: each names itself, and none says that it was the last.
    static func events(_ events: [[UInt8]]) -> [UInt8] {
        events.flatMap { Array("data: ".utf8) + $0 + Array("\n\n".utf8) }
    }
}
