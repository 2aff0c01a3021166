import Gateway
import TestKit
import Testing

/// What is seen of each endpoint, whatever it serves.
@Suite struct EndpointTelemetryTests {
    private struct Call {
        var path: String
        var body = ""
        /// In place of the body.
        var form: TestForm?
        /// As the gateway's page of metrics names it.
        var endpoint: String
        /// As OpenTelemetry names it, or else the page.
        var operation: String
        var model: String
        var upstream: String

        func send(_ client: TestClient, headers: [String: String] = [:]) throws -> TestClient.Answer {
            if let form { return try client.send(path, form, headers: headers) }
            return try client.send("POST", path, body: body, headers: headers)
        }
    }

    private static let catalog = StandardConfiguration.catalogs(
        openai: """
            gpt-4o: { prices: { input: 2 USD/M, output: 10 USD/M } }
            text-embedding-3-small: { mode: embedding, prices: { input: 0.02 USD/M } }
            omni-moderation-latest: { upstreamName: omni-moderation-2024-09-26, mode: moderation, prices: { input: 0 USD/M } }
            gpt-image-1: { mode: image-generation, prices: { input: 5 USD/M, image-output: 40 USD/M } }
            tts-1: { upstreamName: tts-1-1106, mode: audio-speech, prices: { character-input: 15 USD/M } }
            gpt-4o-transcribe: { mode: audio-transcription, prices: { input: 2.5 USD/M, audio-input: 6 USD/M, output: 10 USD/M } }
            """)

    private static let speech = Call(
        path: "/v1/audio/speech", body: #"{"model":"tts-1","input":"hello","voice":"alloy"}"#, endpoint: "audio.speech",
        operation: "audio.speech", model: "tts-1", upstream: "tts-1-1106")
    private static let recording = TestForm().with("file", file: "a.wav", Array(repeating: 7, count: 40_000)).with("model", "gpt-4o-transcribe")
    private static let transcript = Call(
        path: "/v1/audio/transcriptions", form: recording, endpoint: "audio.transcriptions", operation: "audio.transcriptions",
        model: "gpt-4o-transcribe", upstream: "gpt-4o-transcribe")

    /// Each path once, so that it names its spans.
    private static let calls = [
        Call(
            path: "/v1/embeddings", body: #"{"model":"text-embedding-3-small","input":["one two","three"]}"#, endpoint: "embeddings",
            operation: "embeddings", model: "text-embedding-3-small", upstream: "text-embedding-3-small"),
        Call(
            path: "/v1/completions", body: #"{"model":"gpt-4o","prompt":"one two"}"#, endpoint: "completions", operation: "text_completion",
            model: "gpt-4o", upstream: "gpt-4o"),
        // What the body asks for, and not the endpoint, which takes all.
        Call(
            path: "/v1/inference", body: #"{"model":"text-embedding-3-small","input":"one two"}"#, endpoint: "inference",
            operation: "embeddings", model: "text-embedding-3-small", upstream: "text-embedding-3-small"),
        Call(
            path: "/v1/moderations", body: #"{"input":"one two"}"#, endpoint: "moderations", operation: "moderations",
            model: "omni-moderation-latest", upstream: "omni-moderation-2024-09-26"),
        Call(
            path: "/v1/images/generations", body: #"{"model":"gpt-image-1","prompt":"a red fox","quality":"low"}"#,
            endpoint: "images.generations", operation: "images.generations", model: "gpt-image-1", upstream: "gpt-image-1"),
        speech, transcript,
        Call(
            path: "/api/v1/batch", body: #"{"requests":[{"endpoint":"embeddings","model":"text-embedding-3-small","input":"one"}]}"#,
            endpoint: "embeddings", operation: "embeddings", model: "text-embedding-3-small", upstream: "text-embedding-3-small"),
    ]

    private func platform(_ collector: TestCollector) throws -> Platform {
        try Platform(["catalog.yaml": Self.catalog], configure: { $0.export(to: collector.port) })
    }

    @Test func `a request and its attempt are spans by what is asked for, with what the ledger has of them`() throws {
        let collector = try TestCollector()
        let platform = try platform(collector)
        let client = TestClient(port: platform.port)
        for call in Self.calls {
            let answer = try call.send(client)
            #expect(answer.status == 200, "\(call.path) \(answer.text)")
        }
        let spans = try collector.spans(2 * Self.calls.count)
        #expect(spans.count == 2 * Self.calls.count)
        let rows = try platform.ledger(rows: Self.calls.count)
        for call in Self.calls {
            let own = try #require(spans.first { $0.kind == 2 && $0.name == "POST \(call.path)" }, "\(call.path)")
            #expect(own.attributes["http.route"] == call.path && own.attributes["http.response.status_code"] == "200")
            #expect(own.attributes["gen_ai.operation.name"] == call.operation, "\(call.path)")
            #expect(own.attributes["gen_ai.request.model"] == call.model, "\(call.path)")
            #expect(own.attributes["charter.key"] == "main" && own.status == nil)
            let attempts = spans.filter { $0.kind == 3 && $0.parent == own.id }
            #expect(attempts.map(\.name) == ["\(call.operation) \(call.upstream)"], "\(call.path)")
            let attempt = try #require(attempts.first).attributes
            #expect(attempt["gen_ai.operation.name"] == call.operation && attempt["gen_ai.request.model"] == call.upstream)
            #expect(attempt["charter.model"] == "openai/\(call.model)" && attempt["charter.outcome"] == "served")
            let row = try #require(rows.first { $0.decision == own.attributes["charter.decision"] }, "\(call.path)")
            #expect(attempt["charter.cost.nano_usd"] == "\(row.cost)", "\(call.path)")
            #expect(attempt["gen_ai.usage.input_tokens"] ?? "0" == "\(row.input)", "\(call.path)")
            #expect(attempt["gen_ai.usage.output_tokens"] ?? "0" == "\(row.output)", "\(call.path)")
            #expect(attempt["charter.usage.estimated"] == "\(row.isEstimated)", "\(call.path)")
        }
        #expect(rows.contains { $0.model == "openai/gpt-image-1" && $0.cost > 0 && $0.output > 0 })
    }

    @Test func `a request counts at its endpoint, and its usage by what it asks for`() throws {
        let collector = try TestCollector()
        let platform = try platform(collector)
        let client = TestClient(port: platform.port)
        for call in Self.calls { #expect(try call.send(client).status == 200) }
        let page = try client.get("/metrics").text
        for (endpoint, calls) in Dictionary(grouping: Self.calls, by: \.endpoint) {
            #expect(page.contains("charter_requests_total{endpoint=\"\(endpoint)\",status=\"200\"} \(calls.count)\n"), "\(endpoint)")
        }
        let rows = try platform.ledger(rows: Self.calls.count)
        for (model, rows) in Dictionary(grouping: rows, by: \.model) {
            for (type, count) in [("input", rows.reduce(0) { $0 + $1.input }), ("output", rows.reduce(0) { $0 + $1.output })] {
                #expect(page.contains("charter_tokens_total{model=\"\(model)\",type=\"\(type)\"} \(count)\n"), "\(model) \(type)")
            }
        }
        var points: [TestCollector.Point] = []
        try eventually(within: .seconds(20), "the metrics are there") {
            points = try collector.points().filter { $0.metric == "gen_ai.server.request.duration" }
            return points.reduce(0) { $0 + Int($1.value) } >= Self.calls.count
        }
        for (operation, calls) in Dictionary(grouping: Self.calls, by: \.operation) {
            let own = points.filter { $0.attributes["gen_ai.operation.name"] == operation }
            #expect(own.reduce(0) { $0 + Int($1.value) } == calls.count, "\(operation)")
            #expect(Set(own.compactMap { $0.attributes["charter.model"] }) == Set(calls.map { "openai/" + $0.model }), "\(operation)")
        }
    }

    @Test func `what is refused and what its provider fails at is seen of sound as of text`() throws {
        let collector = try TestCollector()
        let platform = try platform(collector)
        let client = TestClient(port: platform.port)
        #expect(try Self.transcript.send(client, headers: ["x-simulate-status": "503"]).status == 502)
        #expect(try client.send("POST", Self.speech.path, body: #"{"model":"none","input":"a","voice":"alloy"}"#).status == 404)
        let spans = try collector.spans(3)
        let failed = try #require(spans.first { $0.kind == 2 && $0.name == "POST \(Self.transcript.path)" })
        #expect(failed.status == 2 && failed.attributes["error.type"] == "upstream_error")
        let attempt = try #require(spans.first { $0.kind == 3 })
        #expect(attempt.parent == failed.id && attempt.status == 2 && attempt.attributes["error.type"] == "503")
        let refused = try #require(spans.first { $0.name == "POST \(Self.speech.path)" })
        #expect(refused.attributes["charter.error.code"] == "model_not_found" && refused.attributes["gen_ai.operation.name"] == "audio.speech")
        #expect(refused.attributes["gen_ai.request.model"] == nil && refused.status == nil)
        let page = try client.get("/metrics").text
        #expect(page.contains(#"charter_requests_total{endpoint="audio.transcriptions",status="502"} 1"# + "\n"))
        #expect(page.contains(#"charter_requests_total{endpoint="audio.speech",status="404"} 1"# + "\n"))
        #expect(page.contains(#"charter_refusals_total{code="model_not_found"} 1"# + "\n"))
    }

    @Test func `questions that no provider is asked count at their endpoint, and have no spans`() throws {
        let collector = try TestCollector()
        let platform = try platform(collector)
        let client = TestClient(port: platform.port)
        let question = #"{"messages":[{"role":"user","content":"hi"}]}"#
        #expect(try client.send("POST", "/v1/ml/route", body: question).status == 200)
        #expect(try client.send("POST", "/v1/ml/route", body: "{").status == 400)
        #expect(try client.send("POST", "/v1/ml/route/batch", body: #"{"requests":[\#(question)]}"#).status == 200)
        #expect(try client.get("/v1/models").status == 200)
        #expect(try client.chat().status == 200)
        // Of one loop, in the order in which its requests ended.
        #expect(try collector.spans(2).allSatisfy { !$0.name.hasSuffix("/route") && !$0.name.hasSuffix("/models") })
        let page = try client.get("/metrics").text
        for (endpoint, status) in [("ml.route", 200), ("ml.route", 400), ("ml.route.batch", 200), ("models", 200)] {
            #expect(page.contains("charter_requests_total{endpoint=\"\(endpoint)\",status=\"\(status)\"} 1\n"), "\(endpoint) \(status)")
        }
        #expect(page.contains(#"charter_refusals_total{code="invalid_json"} 1"# + "\n"))
    }
}
