import Gateway
import TestKit
import Testing

@Suite struct StreamTests {
    @Test func `relays a stream and hides the usage that the client did not ask for`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(answer.headers["cache-control"] == "no-cache")
        #expect(answer.events.last == "[DONE]")
        #expect(!answer.text.contains(#""usage""#))
        #expect(answer.isWhole)
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.input == 3)
        #expect(row.output == 10)
        #expect(row.isEstimated == false)
    }

    @Test func `passes the usage on to a client that asks, with the cost`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(stream: true, more: #","stream_options":{"include_usage":true}"#)
        let usage = answer.events.dropLast().last ?? ""
        #expect(usage.contains(#""completion_tokens":10"#), "\(usage)")
        #expect(usage.contains(#""choices":[]"#))
        #expect(usage.contains(#""charter":{"cost_usd":"0.000106""#))
        #expect(answer.events.last == "[DONE]")
    }

    @Test func `tells the client of a provider that breaks off, and books what was produced as estimated`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(stream: true, headers: ["x-simulate-truncate-after": "4"])
        #expect(answer.status == 200)
        #expect(answer.events.last?.contains(#""code":"upstream_incomplete""#) == true)
        #expect(!answer.text.contains("[DONE]"))
        #expect(answer.isWhole)
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.isEstimated)
        #expect(row.output == 4)
        #expect(row.status == 502)
    }

    @Test func `stops the provider when the client leaves, and books what was produced`() throws {
        let platform = try Platform()
        var connection: TestConnection? = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions",
            body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"one two three"}]}"#,
            headers: ["x-simulate-pace": "20ms", "x-simulate-tokens": "1000"])
        try connection?.receive(until: "\"content\":")
        connection = nil
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 499)
        #expect(row.isEstimated)
        #expect(row.output >= 1)
        #expect(row.output < 200)
        try eventually(within: .seconds(2), "the provider stops") { platform.folder.read("openai.log").contains(#""complete":false"#) }
    }

    @Test func `makes a slow client's provider wait`() throws {
        let platform = try Platform()
        let connection = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions",
            body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"x"}]}"#,
            headers: ["x-simulate-tokens": "200000"])
        try connection.receive(until: "\"content\":")
        // Nothing more is read: the provider must not be able to hand over tens of megabytes.
        #expect(throws: NeverCameTrue.self) {
            try eventually(within: .milliseconds(400)) { platform.folder.read("openai.log").contains(#""complete":true"#) }
        }
        let answer = try connection.readAnswer()
        #expect(answer.events.last == "[DONE]")
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.output == 200_000)
        #expect(row.isEstimated == false)
    }
}
