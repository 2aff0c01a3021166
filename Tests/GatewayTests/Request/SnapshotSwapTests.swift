import Gateway
import Spec
import Synchronization
import TestKit
import Testing

@Suite struct SnapshotSwapTests {
    @Test func `takes a revoked key away without dropping a request of another`() throws {
        let platform = try Platform(loops: 2)
        let client = TestClient(port: platform.port)
        let isOver = Atomic(false)
        let traffic = (0..<3).map { _ in
            Background {
                var statuses: [Int: Int] = [:]
                while !isOver.load(ordering: .relaxed) { statuses[try client.chat().status, default: 0] += 1 }
                return statuses
            }
        }
        for round in 1...8 {
            try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [\(1000 + round) requests/min]\n")])
        }
        isOver.store(true, ordering: .relaxed)
        for background in traffic {
            let statuses = try background.value()
            #expect(statuses.keys.filter { $0 != 200 && $0 != 429 }.isEmpty, "\(statuses)")
            #expect((statuses[200] ?? 0) > 0)
        }
        let revoked = StandardConfiguration.key(spec: "").replacing(Platform.digest, with: String(repeating: "0", count: 64))
        try platform.apply([StandardConfiguration.keyPath: revoked])
        #expect(try client.chat().status == 401)
    }

    @Test func `moves traffic when a route is changed`() throws {
        let platform = try Platform(["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }")])
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").headers["x-charter-model"] == "openai/gpt-4o")
        try platform.apply(["routes.yaml": StandardConfiguration.route("{ model: groq/llama }")])
        let moved = try client.chat("assistant")
        #expect(moved.headers["x-charter-model"] == "groq/llama")
        #expect(moved.headers["x-charter-revision"] == "2")
    }

    @Test func `keeps the old rules when a revision cannot be read`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        try platform.repository.applyRaw(ResourceKey(org: "acme", kind: .apiKey, name: "odd"), canonical: #"{"spec":{"owner"}}"#)
        try eventually(within: .seconds(5), "the rejection is told") { try client.get("/readyz").json("rejected") != nil }
        let answer = try client.chat()
        #expect(answer.status == 200)
        #expect(answer.headers["x-charter-revision"] == "1")
    }

    @Test func `a budget keeps what was spent of it when its amount changes`() throws {
        let spent = StandardConfiguration.key(spec: "  budget: { hard: 0.03 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: spent])
        let client = TestClient(port: platform.port)
        var statuses: [Int] = []
        for _ in 0..<4 { statuses.append(try client.chat(headers: ["x-simulate-tokens": "1000"]).status) }
        #expect(statuses.last == 429)
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 1 USD/month }\n")])
        #expect(try client.chat().status == 200)
        try platform.apply([StandardConfiguration.keyPath: spent])
        #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 429)
    }
}
