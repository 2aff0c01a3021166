import Foundation
import Testing

@testable import Simulator

struct ScenarioTests {
    private func duration(_ body: () throws -> Void) rethrows -> Duration { try ContinuousClock().measure(body) }

    @Test(arguments: [
        (500, "server_error"), (503, "server_error"), (429, "rate_limit_error"), (401, "invalid_request_error"),
    ])
    func `answers the status that a header asks for, in OpenAI's shape`(status: Int, type: String) throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(headers: ["x-simulate-status": String(status), "x-simulate-retry-after": "7"])
        #expect(reply.status == status)
        #expect(reply.headers["retry-after"] == "7")
        let error = try reply.error()
        #expect(Set(error.keys) == ["message", "type", "param", "code"])
        #expect(error["type"] as? String == type)
        let line = try #require(try provider.log().first)
        #expect(
            line.status == status && line.model == "gpt-4o" && line.completionTokens == 0 && line.promptTokens == 0)
    }

    @Test func `fails the share of requests that its rate says, and a header can ask for success`() throws {
        let provider = try RunningProvider {
            $0.errorRate = 0.5
            $0.errorStatus = 503
        }
        let client = try provider.client()
        let statuses = try (0..<200).map { _ in try client.post("/v1/chat/completions", chatBody()).status }
        #expect(Set(statuses) == [200, 503])
        #expect((60...140).contains(statuses.filter { $0 == 503 }.count))
        for _ in 0..<20 {
            #expect(
                try client.post("/v1/chat/completions", chatBody(), headers: ["x-simulate-status": "200"]).status == 200
            )
        }
    }

    @Test(arguments: ["x-simulate-status", "x-simulate-pace", "x-simulate-tokens", "x-simulate-truncate-after"])
    func `refuses a scenario header that it cannot read`(name: String) throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(headers: [name: "soon"])
        #expect(reply.status == 400)
        #expect((try reply.error()["message"] as? String)?.contains(name) == true)
    }

    @Test(arguments: ["", #""stream":true"#])
    func `waits before the first token and between tokens`(members: String) throws {
        let provider = try RunningProvider { $0.tokens = 5 }
        let quick = try duration { _ = try provider.chat(members) }
        let slow = try duration {
            _ = try provider.chat(members, headers: ["x-simulate-first-token": "100ms", "x-simulate-pace": "50ms"])
        }
        #expect(slow >= .milliseconds(100 + 4 * 50 - 5))
        #expect(quick < slow)
    }

    @Test func `streams arrive piece by piece at the pace`() throws {
        let provider = try RunningProvider {
            $0.tokens = 4
            $0.pace = .milliseconds(120)
        }
        let client = try provider.client()
        let first = try duration {
            try client.send("POST", "/v1/chat/completions", chatBody(#""stream":true"#))
            try client.receiveSome(40)
        }
        let rest = try duration { _ = try client.receive() }
        #expect(first < rest)
        #expect(rest >= .milliseconds(200))
    }

    @Test func `a header sets the number of words`() throws {
        let provider = try RunningProvider()
        #expect(wordCount(try provider.chat(headers: ["x-simulate-tokens": "333"]).content()) == 333)
        #expect(wordCount(try provider.chat(#""max_tokens":5"#, headers: ["x-simulate-tokens": "333"]).content()) == 5)
    }

    @Test(arguments: [
        ("truncate", Reply.Ending.closed), ("disconnect", .reset), ("end", .whole),
    ])
    func `cuts a stream after the words asked for`(kind: String, ending: Reply.Ending) async throws {
        let provider = try RunningProvider { $0.tokens = 9 }
        let reply = try provider.chat(#""stream":true"#, headers: ["x-simulate-\(kind)-after": "3"])
        #expect(reply.status == 200)
        #expect(reply.ending == ending)
        #expect(wordCount(try reply.streamedContent()) == 3)
        #expect(reply.events.last != "[DONE]")
        #expect(!reply.text.contains(#""finish_reason":"stop""#))
        let line = try await provider.log(count: 1)[0]
        #expect(line.completionTokens == 3 && !line.complete && line.status == 200 && line.stream)
    }

    @Test(arguments: [("truncate", Reply.Ending.closed), ("disconnect", .reset), ("end", .whole)])
    func `cuts a plain answer after the words asked for`(kind: String, ending: Reply.Ending) async throws {
        let provider = try RunningProvider { $0.tokens = 9 }
        let reply = try provider.chat(headers: ["x-simulate-\(kind)-after": "3"])
        #expect(reply.status == 200)
        #expect(reply.ending == ending)
        #expect(throws: (any Error).self) { try reply.json() }
        let content = try #require(reply.text.components(separatedBy: #""content":""#).last)
        #expect(wordCount(content) == 3)
        let line = try await provider.log(count: 1)[0]
        #expect(line.completionTokens == 3 && !line.complete && line.status == 200 && !line.stream)
    }

    @Test(arguments: ["", #""stream":true"#])
    func `disconnecting after no words sends nothing at all`(members: String) async throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(members, headers: ["x-simulate-disconnect-after": "0"])
        #expect(reply.status == 0 && reply.body.isEmpty && reply.ending == .reset)
        let line = try await provider.log(count: 1)[0]
        #expect(line.status == 0 && line.completionTokens == 0 && !line.complete)
    }

    @Test func `a cut beyond the answer's length still withholds its end`() throws {
        let provider = try RunningProvider { $0.tokens = 3 }
        let reply = try provider.chat(#""stream":true"#, headers: ["x-simulate-truncate-after": "50"])
        #expect(reply.ending == .closed)
        #expect(wordCount(try reply.streamedContent()) == 3)
        #expect(!reply.text.contains("DONE"))
    }

    @Test func `cuts embeddings too`() throws {
        let provider = try RunningProvider()
        let reply = try provider.client().post(
            "/v1/embeddings", #"{"model":"m","input":"a"}"#, headers: ["x-simulate-truncate-after": "1"])
        #expect(reply.ending == .closed && !reply.body.isEmpty)
        #expect(try provider.log().map(\.complete) == [false])
    }

    @Test func `cuts by its rates`() async throws {
        let provider = try RunningProvider {
            $0.truncateRate = 0.3
            $0.disconnectRate = 0.3
        }
        let endings = try (0..<60).map { _ in try provider.chat(#""stream":true"#).ending }
        #expect(endings.contains(.whole) && endings.contains(.closed) && endings.contains(.reset))
        let lines = try await provider.log(count: 60)
        #expect(lines.map(\.complete) == endings.map { $0 == .whole })
    }
}
