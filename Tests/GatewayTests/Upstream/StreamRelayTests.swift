import HTTP
import Policy
import Spec
import Store
import Testing

@testable import Gateway

@Suite struct StreamRelayTests {
    private func relay(_ events: [String]) -> StreamRelay {
        var relay = StreamRelay(wantsUsage: false, decision: "")
        for event in events { Array("data: \(event)\n\n".utf8).withUnsafeBytes { relay.feed($0) { _, _ in .zero } } }
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

    private func usage(_ output: Int) -> String { #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":\#(output)}}"# }

    @Test func `usage that grows from chunk to chunk is not doubtful`() {
        let relay = relay([piece, usage(2), "[DONE]"])
        #expect(relay.doubts == [])
        #expect(relay.usage?.output == 2)
    }

    @Test(arguments: [(2, 7), (7, 2), (7, 7)]) func `of two final usages the larger is booked, and marked`(first: Int, second: Int) {
        let relay = relay([piece, usage(first), usage(second), "[DONE]"])
        #expect(relay.doubts == .repeated)
        #expect(relay.usage?.output == Int64(max(first, second)))
    }

    @Test func `usage after the end does not take the place of what was told before`() {
        let relay = relay([piece, usage(2), "[DONE]", usage(900)])
        #expect(relay.doubts == .afterDone)
        #expect(relay.usage?.output == 2)
    }

    @Test func `usage that comes only after the end is better than none, and marked`() {
        let content = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#
        let relay = relay([content, "[DONE]", usage(9)])
        #expect(relay.doubts == .afterDone)
        #expect(relay.usage?.output == 9)
    }

    @Test func `less output than was relayed is marked, and booked as told`() {
        let relay = relay([piece, piece, piece, usage(1), "[DONE]"])
        #expect(relay.doubts == .below)
        #expect(relay.usage?.output == 1)
    }

    @Test(arguments: [("-1", UsageFlags.negative), ("4294967297", .tooLarge)])
    func `a usage that is not believed leaves its mark`(count: String, flag: UsageFlags) {
        let content = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#
        let relay = relay([content, #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":\#(count)}}"#, "[DONE]"])
        #expect(relay.usage == nil)
        #expect(relay.doubts == flag)
    }

    @Test func `nothing counts that comes behind an error event`() {
        let relay = relay([piece, #"{"error":{"message":"no","type":"server_error"}}"#, piece, "[DONE]"])
        #expect(relay.refusal?.fault == .provider)
        #expect(relay.pieces == 1)
        #expect(!relay.isComplete)
    }
}
