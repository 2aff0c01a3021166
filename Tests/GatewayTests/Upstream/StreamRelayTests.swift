import HTTP
import Policy
import Spec
import Testing

@testable import Gateway

@Suite struct StreamRelayTests {
    private func relay(_ events: [String]) -> StreamRelay {
        var relay = StreamRelay(wantsUsage: false, decision: "")
        for event in events { Array("data: \(event)\n\n".utf8).withUnsafeBytes { relay.feed($0) { _ in .zero } } }
        return relay
    }

    private let piece = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#

    @Test func `usage beside a piece of the answer does not make the answer complete`() {
        let relay = relay([piece, piece])
        #expect(relay.hasContent)
        #expect(!relay.isComplete)
        #expect(relay.usage?.output == 1)
    }

    @Test(arguments: [
        "[DONE]", #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#,
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    ])
    func `a last chunk does`(last: String) {
        #expect(relay([piece, last]).isComplete)
    }

    @Test(arguments: [
        (#"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#, true),
        (#"{"error":{"message":"no","code":400}}"#, true), (#"{"error":{"message":"no","code":429}}"#, false),
        (#"{"error":{"message":"no","code":502}}"#, false), (#"{"error":{"message":"no","type":"server_error"}}"#, false),
        (#"{"error":"no"}"#, false),
    ])
    func `an error event says whose fault it is`(event: String, isClients: Bool) {
        let relay = relay([piece, event])
        #expect(relay.fault != nil)
        #expect(relay.isFaultClients == isClients)
    }
}
