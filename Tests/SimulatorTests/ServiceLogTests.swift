import Foundation
import Testing

@testable import Simulator

struct ServiceLogTests {
    @Test func `every answer is in the log by the time the client has it, with the tokens it had`() async throws {
        let provider = try RunningProvider { $0.loops = 2 }
        let port = provider.port
        let expected = try await withThrowingTaskGroup(of: [LogLine].self) { group in
            for worker in 0..<4 { group.addTask { try Self.work(worker, port) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let logged = try provider.log()
        #expect(logged.sorted { $0.requestID < $1.requestID } == expected.sorted { $0.requestID < $1.requestID })
        #expect(expected.count == 4 * 60)
    }

    /// Asks for answers of every kind and says what the log must hold of them.
    private static func work(_ worker: Int, _ port: UInt16) throws -> [LogLine] {
        let client = try ProviderClient(port: port)
        return try (0..<60).map { round in
            let id = "w\(worker)-\(round)"
            var line = LogLine(
                requestID: id, model: "gpt-4o", endpoint: "chat.completions", promptTokens: 2, completionTokens: 0,
                status: 200,
                stream: round % 3 == 1, complete: true)
            let text = "question \(worker * 1000 + round)"
            switch round % 3 {
            case 0:
                let reply = try client.post("/v1/chat/completions", chatBody(text: text), headers: ["x-request-id": id])
                line.completionTokens = wordCount(try reply.content())
            case 1:
                let body = chatBody(#""stream":true"#, text: text)
                let reply = try client.post("/v1/chat/completions", body, headers: ["x-request-id": id])
                line.completionTokens = wordCount(try reply.streamedContent())
            default:
                let body = #"{"model":"gpt-4o","input":"\#(text)","dimensions":4}"#
                _ = try client.post("/v1/embeddings", body, headers: ["x-request-id": id])
                line.endpoint = "embeddings"
            }
            return line
        }
    }

    @Test func `a client that leaves ends the stream, and the log says what was produced`() async throws {
        let provider = try RunningProvider {
            $0.tokens = 100_000
            $0.pace = .milliseconds(10)
        }
        var client: ProviderClient? = try provider.client()
        try client?.send("POST", "/v1/chat/completions", chatBody(#""stream":true"#))
        try client?.receiveSome(1_500)
        #expect(try provider.log().isEmpty)
        client = nil
        let line = try await provider.log(count: 1)[0]
        #expect(!line.complete && line.status == 200)
        #expect((3..<1_000).contains(line.completionTokens))
    }

    @Test(arguments: ["", #""stream":true"#])
    func `a client that leaves before the first byte is logged without a status`(members: String) async throws {
        let provider = try RunningProvider { $0.firstToken = .seconds(60) }
        var client: ProviderClient? = try provider.client()
        try client?.send("POST", "/v1/chat/completions", chatBody(members))
        // The request is surely taken once a second one on another connection is.
        #expect(try provider.chat(headers: ["x-simulate-first-token": "0"]).status == 200)
        client = nil
        let lines = try await provider.log(count: 2)
        #expect(lines[1].status == 0 && lines[1].completionTokens == 0 && !lines[1].complete)
        #expect(lines[1].promptTokens == 3)
    }

    @Test func `a slow reader holds the stream back, and loses nothing`() async throws {
        let tokens = 40_000
        let provider = try RunningProvider { $0.tokens = tokens }
        let client = try provider.client(receiveBuffer: 16_384)
        try client.send("POST", "/v1/chat/completions", chatBody(#""stream":true"#))
        // Another connection being served shows that the loop has done all that it could for the slow one.
        for _ in 0..<3 { #expect(try provider.chat(headers: ["x-simulate-tokens": "1"]).status == 200) }
        #expect(try provider.log().count == 3, "the long answer ended although nobody read it")
        let reply = try client.receive()
        #expect(reply.ending == .whole && reply.events.last == "[DONE]")
        #expect(wordCount(try reply.streamedContent()) == tokens)
        let last = try #require(try provider.log().last)
        #expect(last.completionTokens == tokens && last.complete)
    }

    @Test func `stopping cuts what is under way and logs it`() throws {
        let path = NSTemporaryDirectory() + "simulator-\(UUID().uuidString).log"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = SimulatorSettings()
        settings.port = 0
        settings.logPath = path
        settings.pace = .milliseconds(20)
        settings.tokens = 10_000
        let provider = try SimulatedProvider(settings)
        let client = try ProviderClient(port: provider.port)
        try client.send("POST", "/v1/chat/completions", chatBody(#""stream":true"#))
        try client.receiveSome(900)
        provider.stop()
        #expect(try client.receiveRest() == .reset)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1 && lines[0].contains(#""complete":false"#))
    }

    @Test func `appends to what is there`() throws {
        let path = NSTemporaryDirectory() + "simulator-\(UUID().uuidString).log"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for round in 1...2 {
            let log = try ServiceLog(path: path)
            log.append(ServedRequest(id: "r\"\(round)\n", endpoint: .embeddings))
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(
            try lines.map { try JSONDecoder().decode(LogLine.self, from: Data($0.utf8)).requestID } == [
                "r\"1\n", "r\"2\n",
            ])
    }
}
