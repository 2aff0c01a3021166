import Crypto
import Gateway
import TestKit
import Testing

@Suite struct RestrictionTests {
    @Test func `refuses an address that a key denies, before the provider is asked`() throws {
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  denyNetworks: [127.0.0.0/8]\n")
        ])
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 403)
        #expect(answer.json("error", "code") == "network_denied")
        #expect(answer.json("error", "charter", "rule", "field") == "/spec/denyNetworks")
    }

    @Test func `an organization's limit counts all its keys`() throws {
        let secret = "ck-other-secret"
        let other = StandardConfiguration.key(spec: "").replacing("name: main", with: "name: other")
            .replacing(Platform.digest, with: SHA256.digest(secret).hex)
        let platform = try Platform([
            "orgs/acme/org.yaml": StandardConfiguration.org.replacing(
                "displayName: Acme }", with: "displayName: Acme, limits: [2 requests/day] }"),
            "orgs/acme/other.yaml": other,
        ])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(try client.chat(key: secret).status == 200)
        let refused = try client.chat()
        #expect(refused.status == 429)
        #expect(refused.json("error", "charter", "rule", "path") == "orgs/acme/org.yaml")
        #expect(try client.chat(key: secret).status == 429)
    }

    /// The bodies that a provider was sent for requests with these members, by a key that may have 40 tokens.
    private func bodies(of members: [String], at path: String = "chat/completions") throws -> [String] {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try Platform(
            [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  maxOutput: 40\n")],
            beside: { StandardConfiguration.providers(provider.port, $0) })
        let client = TestClient(port: platform.port)
        for more in members {
            let body = #"{\#(more)"model":"openai/gpt-4o","messages":[{"role":"user","content":"one"}],"prompt":"one"}"#
            #expect(try client.send("POST", "/v1/" + path, body: body).status == 200)
        }
        return provider.seen.map(\.body)
    }

    @Test func `passes the key's bound on where a request asks for more, or for none`() throws {
        let rest = #""messages":[{"role":"user","content":"one"}],"prompt":"one""#
        let bodies = try bodies(of: [
            #""max_tokens":1000,"#, #""max_completion_tokens":1000,"max_tokens":7,"#, #""max_tokens":7,"#,
            #""max_tokens":null,"#, "",
        ])
        #expect(bodies == [
            #"{"max_tokens":40,"model":"gpt-4o",\#(rest)}"#,
            #"{"max_completion_tokens":40,"max_tokens":7,"model":"gpt-4o",\#(rest)}"#,
            #"{"max_tokens":7,"model":"gpt-4o",\#(rest)}"#,
            #"{"max_tokens":40,"model":"gpt-4o",\#(rest)}"#,
            #"{"model":"gpt-4o",\#(rest),"max_tokens":40}"#,
        ])
    }

    @Test func `shares the key's bound out among the answers of a completion`() throws {
        let bodies = try bodies(of: [#""n":4,"max_tokens":1000,"#], at: "completions")
        #expect(bodies.first?.hasPrefix(#"{"n":4,"max_tokens":10,"model":"gpt-4o""#) == true)
    }
}
