import Gateway
import TestKit
import Testing

/// `/v1/ml/route` over the wire.
@Suite struct RoutingQuestionTests {
    private static let messages = #""messages":[{"role":"user","content":"hi"}]"#

    private func ask(_ platform: Platform, _ more: String = "", path: String = "/v1/ml/route") throws -> TestClient.Answer {
        try TestClient(port: platform.port).send("POST", path, body: "{\(Self.messages)\(more)}")
    }

    @Test func `recommends what the key may use, and asks nobody`() throws {
        let platform = try Platform(["plan.yaml": """
            apiVersion: charter/v1
            kind: Plan
            metadata: { name: pro }
            spec: { limits: [500 requests/min] }
            """, "orgs/acme/org.yaml": StandardConfiguration.org.replacing("displayName: Acme", with: "displayName: Acme, plan: pro")])
        let answer = try ask(platform, #","optimizeFor":"cost""#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("success") == "true")
        #expect(answer.json("data", "provider") == "GROQ")
        #expect(answer.json("data", "model") == "llama")
        #expect(answer.json("data", "id") == "groq/llama")
        #expect(answer.json("data", "requestId")?.hasPrefix("req_") == true)
        #expect(answer.json("data", "optimizationType") == "cost")
        #expect(answer.json("data", "estimatedLatency") == "null")
        #expect(answer.json("data", "estimatedCost")?.hasPrefix("0.0005") == true)
        #expect(answer.json("data", "alternatives", "0", "reasoning")?.contains("igher cost") == true, "\(answer.text)")
        #expect(answer.json("data", "confidence").flatMap(Double.init).map { (0...1).contains($0) } == true)
        #expect(answer.json("data", "timestamp")?.hasSuffix("Z") == true)
        #expect(answer.json("meta", "tier") == "PRO")
        #expect(answer.json("meta", "remainingRequests") == "499")
        #expect(answer.headers["x-ratelimit-remaining"] == "499")
        #expect((platform.folder.read("groq.log") + platform.folder.read("openai.log")).isEmpty)
        // What answers, is known for its time.
        #expect(try TestClient(port: platform.port).chat("groq/llama").status == 200)
        #expect(try ask(platform, #","optimizeFor":"speed""#).json("data", "estimatedLatency").flatMap(Int.init) != nil)
    }

    @Test func `what a question costs is reckoned as a chat is, with its media and by either name of the bound`() throws {
        let platform = try Platform()
        func cost(_ part: String = "", _ more: String = "") throws -> Double {
            let content = #"[{"type":"text","text":"hi"}\#(part)]"#
            let answer = try TestClient(port: platform.port).send(
                "POST", "/v1/ml/route", body: #"{"messages":[{"role":"user","content":\#(content)}]\#(more)}"#)
            return try #require(answer.json("data", "estimatedCost").flatMap(Double.init), "\(answer.text)")
        }
        let plain = try cost()
        for name in ["max_tokens", "max_completion_tokens"] { #expect(try cost("", #","\#(name)":10"#) < plain / 2) }
        let sound = String(repeating: "A", count: 4_000_000)
        #expect(try cost(#",{"type":"input_audio","input_audio":{"format":"wav","data":"\#(sound)"}}"#) > plain * 1.5)
        func image(_ detail: String) -> String { #",{"type":"image_url","image_url":{"url":"https://example.test/a.png","detail":"\#(detail)"}}"# }
        #expect(try cost(image("low")) < cost(image("high")))
    }

    @Test func `constraints exclude, and a question that nothing meets says of each model why`() throws {
        let platform = try Platform()
        let some = try ask(platform, #","constraints":{"excludeProviders":["GROQ"],"maxCost":0.002}"#)
        #expect(some.json("data", "id") == "openai/gpt-4o-mini", "\(some.text)")
        #expect(some.text.contains("its provider is excluded"))
        #expect(some.text.contains("it would cost about"))
        let none = try ask(platform, #","constraints":{"minQuality":0.8}"#)
        #expect(none.status == 400)
        #expect(none.json("code") == "VALIDATION_ERROR")
        #expect(none.json("details", "charter", "code") == "no_model_fits")
        #expect(none.json("message")?.contains("quality is not declared") == true)
    }

    @Test(arguments: [
        ("{", "invalid_json"), ("[]", "invalid_request_body"), ("{}", "missing_parameter"), (#"{"messages":[]}"#, "missing_parameter"),
        (#"{"messages":[{}],"optimizeFor":"best"}"#, "invalid_parameter"), (#"{"messages":[{}],"constraints":7}"#, "invalid_parameter"),
        (#"{"messages":[{}],"constraints":{"maxCost":-1}}"#, "invalid_parameter"),
        (#"{"messages":[{}],"constraints":{"minQuality":1e400}}"#, "invalid_json"),
        (#"{"messages":[{}],"constraints":{"preferredProviders":"OPENAI"}}"#, "invalid_parameter"),
    ])
    func `tells mistakes in its own shape`(_ body: String, _ code: String) throws {
        let answer = try TestClient(port: Self.shared.get().port).send("POST", "/v1/ml/route", body: body)
        #expect(answer.status == 400)
        #expect(answer.json("code") == "VALIDATION_ERROR", "\(answer.text)")
        #expect(answer.json("details", "charter", "code") == code, "\(answer.text)")
    }

    private static let shared = Result { try Platform() }

    @Test func `a batch answers each in its place, and a wrong item names its place`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let body = """
            {"requests":[{\(Self.messages)},{\(Self.messages),"optimizeFor":"speed"},{\(Self.messages),"constraints":{"maxCost":0}}],
             "batchOptimization":{"optimizeFor":"cost","loadBalance":true,"priorityOrder":[2,0]}}
            """
        let answer = try client.send("POST", "/v1/ml/route/batch", body: body)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("data", "batchId")?.hasPrefix("batch_") == true)
        #expect(answer.json("data", "responses", "0", "optimizationType") == "cost")
        #expect(answer.json("data", "responses", "0", "id") == "groq/llama")
        #expect(answer.json("data", "responses", "1", "optimizationType") == "speed")
        #expect(answer.json("data", "responses", "2", "error", "code") == "VALIDATION_ERROR")
        #expect(answer.json("data", "batchMetrics", "providerDistribution", "GROQ") != nil)
        #expect(answer.headers["x-ratelimit-remaining"] == "997")
        for wrong in [
            #"{"requests":[]}"#, #"{"requests":[7]}"#, #"{"requests":[{"messages":[{}]}],"batchOptimization":{"priorityOrder":[1]}}"#,
            #"{"requests":[{"messages":[{}]}],"batchOptimization":{"priorityOrder":[0,0]}}"#, #"{"requests":[{"messages":[{}]},{"messages":7}]}"#,
        ] {
            let refused = try client.send("POST", "/v1/ml/route/batch", body: wrong)
            #expect(refused.status == 400, "\(refused.text)")
            #expect(refused.json("code") == "VALIDATION_ERROR")
        }
        let place = try client.send("POST", "/v1/ml/route/batch", body: #"{"requests":[{"messages":[{}]},{"messages":7}]}"#)
        #expect(place.json("details", "param")?.hasPrefix("requests.1.") == true)
    }

    @Test func `a key without the scope is told that it lacks the feature`() throws {
        let scopes = StandardConfiguration.scopes.replacing(", ml.route, ml.route.batch", with: ", ml.route")
        let platform = try Platform(["scopes.yaml": scopes, StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [2 requests/min]\n")])
        let denied = try ask(platform, path: "/v1/ml/route/batch")
        #expect(denied.status == 403)
        #expect(denied.json("code") == "FEATURE_NOT_AVAILABLE")
        for _ in 0..<2 { #expect(try ask(platform).status == 200) }
        let refused = try ask(platform)
        #expect(refused.status == 429)
        #expect(refused.json("error") == "Rate Limit Exceeded")
        #expect(refused.json("code") == "RATE_LIMIT_EXCEEDED")
        #expect(refused.json("remainingRequests") == "0")
        #expect(refused.json("rateLimitReset")?.hasSuffix("Z") == true)
        #expect(refused.headers["x-ratelimit-remaining"] == "0")
        #expect(refused.headers["retry-after"] != nil)
    }
}
