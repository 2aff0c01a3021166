import Crypto
import Gateway
import TestKit
import Testing

@Suite struct RefusalTests {
    @Test func `refuses an unknown key, a missing one, and two that differ`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let unknown = try client.chat(key: "ck-other")
        #expect(unknown.status == 401)
        #expect(unknown.json("error", "code") == "invalid_api_key")
        #expect(unknown.json("error", "type") == "invalid_request_error")
        #expect(unknown.headers["www-authenticate"] != nil)
        #expect(unknown.headers["x-should-retry"] == "false")
        #expect(try client.chat(key: nil).json("error", "code") == "missing_api_key")
        let two = try client.chat(headers: ["X-API-Key": "ck-other"])
        #expect(two.status == 400)
        #expect(two.json("error", "code") == "conflicting_credentials")
        #expect(try client.chat(headers: ["api-key": "ck-other"]).status == 400)
        #expect(try client.chat(key: nil, headers: ["X-API-Key": Platform.secret, "api-key": "ck-other"]).status == 400)
        #expect(try client.chat(key: nil, headers: ["X-API-Key": Platform.secret, "api-key": Platform.secret]).status == 200)
        #expect(try client.chat(headers: ["X-API-Key": Platform.secret]).status == 200)
        #expect(try client.chat(key: nil, headers: ["X-API-Key": Platform.secret]).status == 200)
        #expect(try client.chat(headers: ["authorization": "Bearer \(Platform.secret)"]).status == 400)
    }

    @Test func `names the scope that is missing, with its place, commit and author`() throws {
        let key = StandardConfiguration.key(spec: "", scopes: "[embeddings]")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 403)
        #expect(answer.json("error", "code") == "scope_denied")
        #expect(answer.json("error", "type") == "permission_error")
        #expect(answer.json("error", "charter", "rule", "path") == StandardConfiguration.keyPath)
        #expect(answer.json("error", "charter", "rule", "line") == "6")
        #expect(answer.json("error", "charter", "rule", "commit") == "c0ffee1")
        #expect(answer.json("error", "charter", "rule", "author") == "Ada Park <ada@acme.test>")
        let message = answer.json("error", "message") ?? ""
        #expect(message.contains("orgs/acme/keys.yaml:6"), "\(message)")
    }

    @Test func `tells no more of a rule than the repository discloses`() throws {
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "", scopes: "[embeddings]"),
            "charter.yaml": "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: charter }\nspec: { disclosure: code }\n",
        ])
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.json("error", "code") == "scope_denied")
        #expect(answer.json("error", "charter", "rule") == nil)
        #expect(!answer.text.contains("orgs/acme"))
    }

    @Test func `tells an organization's keys what it discloses, whatever the repository says`() throws {
        let (expired, foreign) = ("ck-expired", "ck-globex")
        func key(_ name: String, _ secret: String, _ spec: String) -> String {
            StandardConfiguration.key(spec: spec).replacing("name: main", with: "name: \(name)")
                .replacing(Platform.digest, with: SHA256.digest(secret).hex)
        }
        let org = StandardConfiguration.org
        let platform = try Platform([
            "orgs/acme/org.yaml": org.replacing("displayName: Acme }", with: "displayName: Acme, disclosure: code }"),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1 requests/day]\n"),
            "orgs/acme/expired.yaml": key("expired", expired, "  expires: 2020-01-01\n"),
            "orgs/globex/org.yaml": org.replacing("acme", with: "globex").replacing("Acme", with: "Globex"),
            "orgs/globex/keys.yaml": key("theirs", foreign, "  limits: [1 requests/day]\n"),
        ])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        for (answer, code) in try [(client.chat(), "quota_exceeded"), (client.chat(key: expired), "key_expired")] {
            #expect(answer.json("error", "charter", "code") == code)
            #expect(answer.json("error", "charter", "rule") == nil)
            #expect(!answer.text.contains("orgs/"))
        }
        #expect(try client.chat(key: foreign).status == 200)
        let told = try client.chat(key: foreign)
        #expect(told.json("error", "charter", "rule", "path") == "orgs/globex/keys.yaml")
        #expect(told.json("error", "charter", "rule", "author") == "Ada Park <ada@acme.test>")
    }

    @Test func `refuses a model that is not allowed and one that nobody has`() throws {
        let key = StandardConfiguration.key(spec: "  models: { deny: [openai/gpt-4o] }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        let denied = try client.chat()
        #expect(denied.status == 403)
        #expect(denied.json("error", "code") == "model_not_allowed")
        let unknown = try client.chat("openai/gpt-4o-mimi")
        #expect(unknown.status == 404)
        #expect(unknown.json("error", "code") == "model_not_found")
        #expect(unknown.json("error", "param") == "model")
        let message = unknown.json("error", "message") ?? ""
        #expect(message.contains("gpt-4o-mini"), "\(message)")
    }

    @Test func `refuses requests beyond a rate limit and says when to come back`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [2 requests/min]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(try client.chat().status == 200)
        let third = try client.chat()
        #expect(third.status == 429)
        #expect(third.json("error", "type") == "rate_limit_error")
        #expect(third.json("error", "code") == "rate_limit_exceeded")
        let seconds = third.headers["retry-after"].flatMap { Int($0) } ?? 0
        #expect((1...61).contains(seconds))
        #expect(third.headers["retry-after-ms"] != nil)
    }

    @Test func `a month's requests that are used up stop clients, and send none to sleep`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1 requests/month]\n")])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        let refused = try client.chat()
        #expect(refused.status == 429)
        #expect(refused.json("error", "type") == "insufficient_quota")
        #expect(refused.json("error", "code") == "insufficient_quota")
        #expect(refused.json("error", "charter", "code") == "quota_exceeded")
        #expect(refused.json("error", "charter", "resets_at")?.hasSuffix("01T00:00:00Z") == true)
        #expect(refused.headers["x-should-retry"] == "false")
        #expect(refused.headers["retry-after"] == nil)
        #expect(refused.headers["retry-after-ms"] == nil)
    }

    @Test func `a limit per hour is worth no sleep of an hour`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1 requests/hour]\n")])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        let refused = try client.chat()
        #expect(refused.json("error", "code") == "rate_limit_exceeded")
        #expect(refused.json("error", "charter", "resets_at") != nil)
        #expect(refused.headers["x-should-retry"] == "false")
        #expect(refused.headers["retry-after"] == nil)
    }

    @Test func `a budget that open requests hold is told to come back to`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.015 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        let open = try client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"x"}]}"#,
            headers: ["x-simulate-tokens": "1000", "x-simulate-pace": "1s"])
        try open.receive(until: "data: ")
        let refused = try client.chat()
        #expect(refused.status == 429, "\(refused.text)")
        #expect(refused.json("error", "type") == "rate_limit_error")
        #expect(refused.json("error", "code") == "budget_held")
        #expect(refused.json("error", "charter", "resets_at") == nil)
        #expect(refused.headers["x-should-retry"] == "true")
        #expect(refused.headers["retry-after"] == "2")
        open.reset()
    }

    @Test func `refuses a spent budget with the one code at which clients stop, naming its file and line`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.03 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        // Each holds some 0.010 USD and costs 0.010006: the third cannot be held any more.
        var last = try client.chat(headers: ["x-simulate-tokens": "1000"])
        #expect(last.status == 200, "\(last.text)")
        for _ in 0..<4 where last.status == 200 { last = try client.chat(headers: ["x-simulate-tokens": "1000"]) }
        #expect(last.status == 429)
        #expect(last.json("error", "type") == "insufficient_quota")
        #expect(last.json("error", "code") == "insufficient_quota")
        #expect(last.json("error", "charter", "code") == "budget_exceeded")
        #expect(last.json("error", "charter", "rule", "path") == StandardConfiguration.keyPath)
        #expect(last.json("error", "charter", "rule", "field") == "/spec/budget/hard")
        #expect(last.json("error", "charter", "rule", "line") == "8")
        #expect(last.json("error", "charter", "resets_at")?.hasSuffix("Z") == true)
        #expect(last.headers["x-should-retry"] == "false")
        #expect(last.headers["retry-after"] == nil)
    }

    @Test func `refuses bodies that it cannot read, naming the member at fault`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        func refusal(_ body: String) throws -> [String?] {
            let answer = try client.send("POST", "/v1/chat/completions", body: body)
            return ["\(answer.status)", answer.json("error", "code"), answer.json("error", "param")]
        }
        #expect(try refusal("{") == ["400", "invalid_json", "null"])
        #expect(try refusal("[]") == ["400", "invalid_request_body", "null"])
        #expect(try refusal(#"{"messages":[]}"#) == ["400", "missing_parameter", "model"])
        #expect(try refusal(#"{"model":7,"messages":[]}"#) == ["400", "invalid_parameter", "model"])
        #expect(try refusal(#"{"model":"gpt-4o"}"#) == ["400", "missing_parameter", "messages"])
        #expect(try refusal(#"{"model":"gpt-4o","messages":[],"max_tokens":-1}"#) == ["400", "invalid_parameter", "max_tokens"])
        #expect(try refusal(#"{"model":"gpt-4o","model":"gpt-4o","messages":[]}"#) == ["400", "invalid_json", "null"])
        // Of what is read below the top, too, two servers might each believe another one.
        for messages in [
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,x"}}],"content":"hi"}]"#,
            #"[{"role":"user","content":[{"type":"text","\u0074ype":"image_url"}]}]"#,
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,x","url":"http://a"}}]}]"#,
        ] {
            #expect(try refusal(#"{"model":"openai/gpt-4o","messages":\#(messages)}"#) == ["400", "invalid_json", "null"])
        }
        let options = #"{"include_usage":false,"include_usage":true}"#
        #expect(try refusal(#"{"model":"openai/gpt-4o","messages":[],"stream":true,"stream_options":\#(options)}"#) == ["400", "invalid_json", "null"])
        #expect(try refusal(#"{"model":"openai/gpt-4o","messages":[],"seed":1e400}"#) == ["400", "invalid_json", "null"])
    }

    @Test func `refuses more prompts at once than it can hold for`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        func refusal(prompts count: Int) throws -> [String?] {
            let prompts = Array(repeating: "\"a\"", count: count).joined(separator: ",")
            let answer = try client.send("POST", "/v1/completions", body: #"{"model":"openai/gpt-4o","max_tokens":1,"prompt":[\#(prompts)]}"#)
            return [answer.json("error", "code"), answer.json("error", "param")]
        }
        #expect(try refusal(prompts: 4097) == ["invalid_parameter", "prompt"])
        #expect(platform.folder.read("openai.log").isEmpty)
        #expect(try refusal(prompts: 4096) != ["invalid_parameter", "prompt"])
    }

    @Test func `answers in the problem form on the generic endpoint`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).send("POST", "/v1/inference", body: #"{"model":"none","messages":[]}"#)
        #expect(answer.status == 404)
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(answer.json("type") == "urn:charter:error:model_not_found")
        #expect(answer.json("status") == "404")
        let wrong = try TestClient(port: platform.port).get("/v1/inference")
        #expect(wrong.status == 405)
        #expect(wrong.headers["content-type"] == "application/problem+json")
    }

    @Test func `answers unknown paths, wrong methods and bodies too large in JSON`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        #expect(try client.get("/nothing").json("error", "code") == "unknown_path")
        let wrong = try client.get("/v1/chat/completions")
        #expect(wrong.status == 405)
        #expect(wrong.headers["allow"]?.contains("POST") == true)
        #expect(wrong.json("error", "code") == "method_not_allowed")
        let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(Platform.secret)\r\nContent-Length: 99999999\r\n\r\n"
        let connection = try TestConnection(port: platform.port)
        try connection.send(head)
        let large = try connection.readAnswer()
        #expect(large.status == 413)
        #expect(large.json("error", "code") == "request_too_large")
    }
}
