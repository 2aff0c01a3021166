import Crypto
import Foundation
import Gateway
import Glibc
import HTTP
import Synchronization
import TestKit
import Testing

/// How a provider's declaration says it is to be reached.
@Suite struct ProviderConnectionTests {
    /// A platform whose provider `openai` is at https://localhost.
    private func platform(_ provider: ScriptedProvider, _ spec: String) throws -> Platform {
        try Platform(beside: { groq in
            let file = StandardConfiguration.providers(provider.port, groq, spec: spec)["providers.yaml"] ?? ""
            return ["providers.yaml": file.replacing("http://127.0.0.1:\(provider.port)", with: "https://localhost:\(provider.port)")]
        })
    }

    @Test func `an own authority, a client's certificate`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("DNS:localhost")
        let shown = try authority.identity("DNS:gateway")
        let provider = try ScriptedProvider(
            tls: TLSServerMaterial(reading: [identity], clientAuthorities: authority.file, clientDemand: .required)
        ) { exchange, _, _ in exchange.answerChat() }
        let platform = try platform(provider, "  tls: { ca: \(authority.file), certificate: \(shown.certificate), key: \(shown.key) }\n")
        for _ in 0..<3 {
            let answer = try TestClient(port: platform.port).chat()
            #expect(answer.status == 200, "\(answer.text) \(platform.log)")
        }
    }

    @Test func `a provider that wants a certificate and gets none`() throws {
        let authority = try TestAuthority()
        let provider = try ScriptedProvider(
            tls: TLSServerMaterial(
                reading: [try authority.identity("DNS:localhost")], clientAuthorities: authority.file, clientDemand: .required)
        ) { exchange, _, _ in exchange.answerChat() }
        let platform = try platform(provider, "  tls: { ca: \(authority.file) }\n")
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 502)
        #expect(provider.seen.isEmpty)
    }

    @Test func `an authority that was renewed at the same place counts from the next revision`() throws {
        let (former, renewed) = (try TestAuthority(), try TestAuthority())
        let identity = try renewed.identity("DNS:localhost")
        let provider = try ScriptedProvider(tls: TLSServerMaterial(reading: [identity])) { exchange, _, _ in exchange.answerChat() }
        let platform = try platform(provider, "  tls: { ca: \(former.file) }\n")
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 502)
        try FileManager.default.removeItem(atPath: former.file)
        try FileManager.default.copyItem(atPath: renewed.file, toPath: former.file)
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1000 requests/min]\n")])
        let answer = try client.chat()
        #expect(answer.status == 200, "\(answer.text) \(platform.log)")
    }

    @Test func `the name that its certificate must have`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("DNS:llm.internal")
        let provider = try ScriptedProvider(tls: TLSServerMaterial(reading: [identity])) { exchange, _, _ in exchange.answerChat() }
        let named = try platform(provider, "  tls: { ca: \(authority.file), serverName: llm.internal }\n")
        let answer = try TestClient(port: named.port).chat()
        // The connection stands: it is the test's own server that wants the same name in the request.
        #expect(answer.json("error", "message")?.contains("HTTP 421") == true, "\(answer.text) \(named.log)")
        try expectRefused(try platform(provider, "  tls: { ca: \(authority.file) }\n"), "hostname mismatch")
        #expect(provider.seen.isEmpty)
    }

    @Test func `a certificate that has expired`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("DNS:localhost", days: -1)
        let provider = try ScriptedProvider(tls: TLSServerMaterial(reading: [identity])) { exchange, _, _ in exchange.answerChat() }
        try expectRefused(try platform(provider, "  tls: { ca: \(authority.file) }\n"), "certificate has expired")
        #expect(provider.seen.isEmpty)
    }

    @Test func `a certificate of an authority that nobody declared`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("DNS:localhost")
        let provider = try ScriptedProvider(tls: TLSServerMaterial(reading: [identity])) { exchange, _, _ in exchange.answerChat() }
        try expectRefused(try platform(provider, ""), "unable to get local issuer certificate")
        #expect(provider.seen.isEmpty)
        withExtendedLifetime(authority) {}
    }

    /// 502 for the client without the reason, and the reason in the log.
    private func expectRefused(_ platform: Platform, _ reason: String) throws {
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 502)
        #expect(answer.json("error", "code") == "upstream_error")
        #expect(!answer.text.contains(reason))
        #expect(platform.log.contains(reason), "\(platform.log)")
        #expect(try platform.outcomes(rows: 1) == ["failed: tls"])
    }

    @Test func `files that cannot be read take the provider out, and are named`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try platform(provider, "  tls: { ca: /nowhere/authority.pem }\n")
        #expect(try TestClient(port: platform.port).chat().json("error", "code") == "provider_unavailable")
        #expect(try TestClient(port: platform.port).get("/readyz").text.contains("/nowhere/authority.pem"))
    }

    @Test func `its headers, and the one that carries the credential`() throws {
        let secrets = try TemporaryDirectory()
        let credential = try secrets.write("provider-secret\n", to: "credential")
        let mesh = try secrets.write("mesh-secret", to: "mesh")
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let spec = "  credential: { file: \(credential), header: api-key }\n  headers: { x-team: platform, x-mesh-token: { file: \(mesh) } }\n"
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0, spec: spec) })
        #expect(try TestClient(port: platform.port).chat(headers: ["x-team": "intruder"]).status == 200)
        let headers = try #require(provider.seen.first?.headers)
        #expect(headers["api-key"] == "provider-secret")
        #expect(headers["authorization"] == nil)
        #expect(headers["x-team"] == "platform")
        #expect(headers["x-mesh-token"] == "mesh-secret")
    }

    @Test func `a secret of a header that cannot be read takes the provider out`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let spec = "  headers: { x-mesh-token: { file: /nowhere/mesh } }\n"
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0, spec: spec) })
        #expect(try TestClient(port: platform.port).chat().status == 503)
        #expect(try TestClient(port: platform.port).get("/readyz").text.contains("/nowhere/mesh"))
    }

    @Test func `so many connections and no more, over all loops`() throws {
        let counts = Mutex((open: 0, most: 0))
        let provider = try ScriptedProvider { exchange, _, loop in
            counts.withLock { counts in
                counts.open += 1
                counts.most = max(counts.most, counts.open)
            }
            loop.schedule(after: .milliseconds(30)) {
                counts.withLock { $0.open -= 1 }
                exchange.answerChat()
            }
        }
        let spec = "  connections: { max: 2, idle: 5s }\n"
        let platform = try Platform(loops: 2, beside: { StandardConfiguration.providers(provider.port, $0, spec: spec) })
        let answers = try inParallel(12) { _ in try TestClient(port: platform.port).chat().status }
        #expect(answers.allSatisfy { $0 == 200 }, "\(answers)")
        #expect(counts.withLock { $0.most } <= 2)
    }
}
