import Foundation
import Testing

@testable import Simulator

struct RefusalTests {
    @Test(arguments: [
        ("", "The body"), ("{", "The body"), ("[]", "object"), ("{}", "'model'"), (#"{"model":"m"}"#, "'messages'"),
        (#"{"model":1,"messages":[]}"#, "'model'"), (#"{"model":"m","messages":[]}"#, "empty"),
        (#"{"model":"m","messages":{}}"#, "'messages'"), (#"{"model":"m","messages":["a"]}"#, "'messages'"),
        (chatBody(#""n":0"#), "'n'"), (chatBody(#""n":"2""#), "'n'"), (chatBody(#""max_tokens":-1"#), "'max_tokens'"),
        (chatBody(#""max_tokens":1.5"#), "'max_tokens'"), (chatBody(#""stream":1"#), "'stream'"),
        (chatBody(#""stop":[1]"#), "'stop'"), (chatBody(#""stream_options":[]"#), "'stream_options'"),
        (chatBody(#""model":"again""#), "twice"),
    ])
    func `names what is wrong with a request`(body: String, hint: String) throws {
        let provider = try RunningProvider()
        let reply = try provider.client().post("/v1/chat/completions", body)
        #expect(reply.status == 400)
        let error = try reply.error()
        #expect(Set(error.keys) == ["message", "type", "param", "code"])
        #expect((error["message"] as? String)?.contains(hint) == true, "\(reply.text)")
    }

    @Test func `lists models and gives one of them`() throws {
        let provider = try RunningProvider { $0.models = ["a", "b/c"] }
        let client = try provider.client()
        let models = try client.get("/v1/models").json()
        #expect(models["object"] as? String == "list")
        #expect(list(models["data"]).map { $0["id"] as? String } == ["a", "b/c"])
        #expect(
            list(models["data"]).allSatisfy {
                $0["object"] as? String == "model" && $0["created"] is Int && $0["owned_by"] is String
            })
        #expect(try client.get("/v1/models/b/c").json()["id"] as? String == "b/c")
        let absent = try client.get("/v1/models/x")
        #expect(absent.status == 404)
        #expect(try absent.error()["code"] as? String == "model_not_found")
        #expect(try client.get("/healthz").text == "ok\n")
        #expect(try provider.log().isEmpty)
    }

    @Test func `refuses unknown paths and wrong methods in JSON`() throws {
        let provider = try RunningProvider()
        let client = try provider.client()
        let unknown = try client.post("/v1/images", "{}")
        #expect(unknown.status == 404)
        #expect(try unknown.error()["code"] as? String == "unknown_url")
        let method = try client.get("/v1/chat/completions")
        #expect(method.status == 405)
        #expect(method.headers["allow"] == "POST")
        #expect(try client.post("/v1/models", "{}").status == 405)
        try client.send("GET", "/v1/models", "", headers: ["bad name": "x"])
        let broken = try client.receive()
        #expect(broken.status == 400)
        #expect(try broken.error()["type"] as? String == "invalid_request_error")
    }

    @Test func `asks for the key it was started with`() throws {
        let provider = try RunningProvider { $0.key = "sk-upstream" }
        for headers in [[:], ["authorization": "Bearer wrong"], ["authorization": "sk-upstream"]] {
            let reply = try provider.chat(headers: headers)
            #expect(reply.status == 401)
            #expect(try reply.error()["code"] as? String == "invalid_api_key")
        }
        #expect(try provider.client().get("/v1/models").status == 401)
        #expect(try provider.chat(headers: ["authorization": "Bearer sk-upstream"]).status == 200)
        #expect(try provider.log().map(\.status) == [401, 401, 401, 200])
    }

    @Test func `cannot start on a taken port or without its log`() throws {
        let provider = try RunningProvider()
        var settings = SimulatorSettings()
        settings.port = provider.port
        #expect(throws: (any Error).self) { _ = try SimulatedProvider(settings) }
        settings.port = 0
        settings.logPath = "/nonexistent/log"
        #expect(throws: ServiceLogError.self) { _ = try SimulatedProvider(settings) }
    }
}
