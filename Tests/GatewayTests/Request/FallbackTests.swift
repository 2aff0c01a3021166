import Gateway
import HTTP
import Simulator
import TestKit
import Testing

@Suite struct FallbackTests {
    private static func routed(retry: String = "{ attempts: 2, on: [connect, timeout, 429, 5xx] }") throws -> Platform {
        try Platform(["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]", retry: retry)])
    }

    @Test func `tries the fallback when the first provider cannot be reached`() throws {
        let platform = try Self.routed()
        platform.openai.stop()
        for isStream in [false, true] {
            let answer = try TestClient(port: platform.port).chat("assistant", stream: isStream)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["x-charter-model"] == "groq/llama")
            #expect(answer.headers["x-charter-attempts"] == "2")
        }
        let rows = try platform.ledger(rows: 4)
        #expect(rows.filter { $0.attempt == 1 }.allSatisfy { $0.model == "openai/gpt-4o" && $0.cost == 0 && $0.status != 200 })
        #expect(rows.filter { $0.attempt == 2 }.allSatisfy { $0.model == "groq/llama" && $0.status == 200 && $0.output == 10 })
    }

    @Test func `gives the provider's failure back when nothing may be tried again`() throws {
        let platform = try Self.routed(retry: "{ attempts: 1 }")
        let answer = try TestClient(port: platform.port).chat("assistant", headers: ["x-simulate-status": "500"])
        #expect(answer.status == 502)
        #expect(answer.json("error", "code") == "upstream_error")
        #expect(answer.json("error", "type") == "server_error")
        #expect(answer.headers["x-should-retry"] == "false")
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 500)
        #expect(row.cost == 0)
    }

    @Test func `counts every attempt when all fail`() throws {
        let platform = try Self.routed()
        let answer = try TestClient(port: platform.port).chat("assistant", headers: ["x-simulate-status": "503"])
        #expect(answer.status == 502)
        #expect(answer.headers["x-charter-attempts"] == "2")
        #expect(try platform.ledger(rows: 2).map(\.attempt) == [1, 2])
    }

    @Test func `passes on a mistake that only the provider sees`() throws {
        let platform = try Self.routed()
        let answer = try TestClient(port: platform.port).chat("assistant", headers: ["x-simulate-status": "422"])
        #expect(answer.status == 422)
        #expect(answer.headers["x-charter-attempts"] == "1")
    }

    @Test func `refuses a model whose provider has no credential, and says so on the readiness page`() throws {
        let provider = StandardConfiguration.provider("openai", 1, more: "  credential: { env: CHARTER_TEST_NO_SUCH_VARIABLE }\n")
        let groq = try Platform(gateway: false)
        let platform = try Platform([
            "providers.yaml": provider + "---\n" + StandardConfiguration.provider("groq", groq.groq.port)
        ])
        let client = TestClient(port: platform.port)
        let answer = try client.chat()
        #expect(answer.status == 503)
        #expect(answer.json("error", "code") == "provider_unavailable")
        #expect(try client.get("/readyz").text.contains("CHARTER_TEST_NO_SUCH_VARIABLE"))
        #expect(try client.get("/metrics").text.contains(#"charter_provider_available{provider="openai"} 0"#))
    }

    @Test func `refuses a private address that the provider does not declare`() throws {
        let platform = try Platform()
        let port = platform.openai.port
        let text = StandardConfiguration.provider("openai", port).replacing("  privateNetwork: true\n", with: "")
        try platform.apply(["providers.yaml": text + "---\n" + StandardConfiguration.provider("groq", platform.groq.port)])
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 502)
        #expect(answer.json("error", "message")?.contains("privateNetwork") == true)
        #expect(!platform.folder.read("openai.log").contains("request_id"))
    }
}
