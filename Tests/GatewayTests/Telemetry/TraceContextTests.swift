import HTTP
import Testing

@testable import Gateway

@Suite struct TraceContextTests {
    private static let id = "0af7651916cd43dd8448eb211c80319c"
    private static let decision = DecisionID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)

    private func context(_ values: String...) -> TraceContext {
        var headers = Headers()
        for value in values { headers.add("traceparent", value) }
        return TraceContext(headers, decision: Self.decision)
    }

    @Test(arguments: [("00-\(id)-b7ad6b7169203331-01", "01"), ("00-\(id)-b7ad6b7169203331-00", "00"), ("00-\(id)-b7ad6b7169203331-ff", "03"),
        ("01-\(id)-b7ad6b7169203331-01", "01"), ("cc-\(id)-b7ad6b7169203331-01-what-the-future-brings", "01")])
    func `joins the client's trace, with a span of its own`(given: String, flags: String) {
        let context = context(given)
        #expect(context.isClients && context.id == Self.id)
        let parts = context.span.split(separator: "-")
        #expect(parts.count == 4 && parts[0] == "00" && parts[1] == Self.id && parts[3] == flags)
        #expect(parts[2].count == 16 && parts[2] != "b7ad6b7169203331" && parts[2] != "0000000000000000")
    }

    @Test(arguments: [
        "", "00", "00-\(id)-b7ad6b7169203331", "00-\(id)-b7ad6b7169203331-01-", "00-\(id)-b7ad6b7169203331-01-more", "ff-\(id)-b7ad6b7169203331-01",
        "01-\(id)-b7ad6b7169203331-01more", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-\(id)-0000000000000000-01",
        "00-\(id.uppercased())-b7ad6b7169203331-01", "00-\(id)-b7ad6b7169203331-0g", "00_\(id)_b7ad6b7169203331_01", "0x-\(id)-b7ad6b7169203331-01",
        "00-\(id)-B7AD6B7169203331-01", "00-\(id)b7ad6b7169203331-01-00",
    ])
    func `makes one of the decision's id where the client's breaks the rules`(given: String) {
        let context = context(given)
        #expect(!context.isClients && context.id == Self.decision.hex)
        #expect(context.span.hasPrefix("00-\(Self.decision.hex)-") && context.span.hasSuffix("-01"))
    }

    @Test func `tells those who come after which traces are kept`() throws {
        let (none, all) = (try #require(TraceSampler(name: "always_off", argument: nil)), try #require(TraceSampler(name: "always_on", argument: nil)))
        func flags(_ given: String?, _ sampler: TraceSampler) -> [Substring] {
            var headers = Headers()
            if let given { headers.add("traceparent", given) }
            let context = TraceContext(headers, decision: Self.decision, sampler: sampler)
            return [context.span.suffix(2), context.span(ofAttempt: 1).suffix(2)]
        }
        #expect(flags(nil, none) == ["00", "00"] && flags(nil, all) == ["01", "01"])
        #expect(flags("00-\(Self.id)-b7ad6b7169203331-03", none) == ["02", "02"])
        #expect(flags("00-\(Self.id)-b7ad6b7169203331-02", all) == ["03", "03"])
        #expect(flags("00-\(Self.id)-b7ad6b7169203331-03", .standard) == ["03", "03"])
    }

    @Test func `two fields count as none`() {
        let one = "00-\(Self.id)-b7ad6b7169203331-01"
        #expect(!context(one, one).isClients)
        #expect(!context().isClients)
    }

    @Test func `every attempt has a span of its own, the same whenever it is asked for`() {
        let context = context()
        let spans = (1...100).map(context.span(ofAttempt:)) + [context.span]
        #expect(Set(spans).count == 101)
        #expect(context.span(ofAttempt: 7) == spans[6])
        #expect(spans.allSatisfy { $0.utf8.count == 55 })
    }

    @Test func `passes on what the client says of its own trace, up to a bound`() {
        func state(_ values: String..., parent: String?) -> String? {
            var client = Headers()
            if let parent { client.add("traceparent", parent) }
            for value in values { client.add("tracestate", value) }
            var upstream = Headers()
            TraceContext(client, decision: Self.decision).add(to: &upstream, attempt: 1, from: client)
            #expect(upstream.values("traceparent").count == 1)
            return upstream["tracestate"]
        }
        let parent = "00-\(Self.id)-b7ad6b7169203331-01"
        #expect(state("a=1,b=2", "c=3", parent: parent) == "a=1,b=2,c=3")
        #expect(state(parent: parent) == nil)
        #expect(state("a=1", parent: nil) == nil)
        #expect(state("a=1", parent: "00-bad") == nil)
        #expect(state("a=" + String(repeating: "x", count: 510), parent: parent)?.count == 512)
        #expect(state("a=" + String(repeating: "x", count: 511), parent: parent) == nil)
    }
}
