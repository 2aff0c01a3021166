import HTTP
import Store
import TestKit
import Testing

/// How a request's trace goes through the gateway.
@Suite struct TraceTests {
    private static let id = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "00-\(id)-b7ad6b7169203331-01"

    private func spans(_ seen: [ScriptedProvider.Seen]) -> [[Substring]] {
        seen.map { ($0.headers["traceparent"] ?? "").split(separator: "-") }
    }

    @Test func `a client's trace goes on with a span for each attempt, and stands in answer, log and decision`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in number == 1 ? exchange.answerChat() : exchange.refuse(401) }
        let platform = try Platform(
            ["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[openai/gpt-4o-mini]")],
            beside: { StandardConfiguration.providers(provider.port, $0) })
        let answer = try TestClient(port: platform.port).chat(
            "assistant", headers: ["traceparent": Self.parent, "tracestate": "vendor=1"])
        #expect(answer.status == 200)
        let own = try #require(answer.headers["traceparent"]).split(separator: "-")
        let spans = spans(provider.seen)
        #expect(spans.count == 2)
        for parts in spans + [own] { #expect(parts.count == 4 && parts[1] == Self.id && parts[3] == "01") }
        #expect(Set((spans + [own]).map { $0[2] } + ["b7ad6b7169203331"]).count == 4)
        #expect(provider.seen.allSatisfy { $0.headers["tracestate"] == "vendor=1" })
        #expect(try platform.detail(containing: #""trace":"\#(Self.id)""#))
        #expect(platform.log.contains(#""trace":"\#(Self.id)""#))
    }

    @Test(arguments: [nil, "00-\(String(repeating: "0", count: 32))-b7ad6b7169203331-01"])
    func `a request without a trace, or with a wrong one, gets one of its decision's id`(given: String?) throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
        let headers = given.map { ["traceparent": $0, "tracestate": "vendor=1"] } ?? [:]
        let answer = try TestClient(port: platform.port).chat(headers: headers)
        let decision = try #require(answer.headers["x-charter-decision"])
        #expect(spans(provider.seen).map { $0[1] } == [decision[...]])
        #expect(provider.seen[0].headers["tracestate"] == nil)
        // The decision names it already.
        #expect(answer.headers["traceparent"] == nil)
        #expect(try platform.detail(containing: #""attempts""#))
        let details = try Connection(platform.database).transaction { transaction in
            try transaction.query("SELECT detail FROM charter.usage").map { try $0.text(0) }
        }
        #expect(details.count == 1 && !details[0].contains(#""trace""#))
    }

    @Test func `a refusal names the client's trace too`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(key: "wrong", headers: ["traceparent": Self.parent])
        #expect(answer.status == 401)
        #expect(answer.headers["traceparent"]?.hasPrefix("00-\(Self.id)-") == true)
    }
}
