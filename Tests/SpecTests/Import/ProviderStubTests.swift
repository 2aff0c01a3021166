import Testing

@testable import Spec

struct ProviderStubTests {
    private func provider(_ fields: String) throws -> Provider? {
        let scene = try ImportScene(#"{"acme": {\#(fields) "models": {"m": {}}}}"#, .modelsDev)
        #expect(scene.errors == [])
        for resource in scene.declarations.resources.values {
            if case .provider(let provider) = resource.body { return provider }
        }
        return nil
    }

    @Test func `what the table knows of a provider is there`() throws {
        let provider = try #require(
            try provider(
                #""api": "https://api.acme.example/v1", "env": ["ACME_REGION", "ACME_API_KEY"], "npm": "@ai-sdk/openai","#
            ))
        #expect(provider.dialect == .openai)
        #expect(provider.baseURL == "https://api.acme.example/v1")
        #expect(provider.credential?.secret == .environment("ACME_API_KEY"))
        #expect(!provider.privateNetwork)
    }

    @Test(arguments: [
        "", #""api": "https://${ACME_HOST}/v1","#, #""api": "ftp://acme.example","#, #""api": "https://a b/\n# x: y","#,
        #""api": 7, "env": {}, "npm": [], "doc": "a\nb","#,
    ])
    func `an address that is none becomes one that leads nowhere`(fields: String) throws {
        let provider = try #require(try provider(fields))
        #expect(provider.baseURL == "https://acme.invalid/v1")
        #expect(provider.credential == nil)
    }

    @Test func `a name that no variable can have is left out`() throws {
        let provider = try #require(try provider(#""api": "https://acme.example/v1", "env": ["a=b_KEY"],"#))
        #expect(provider.baseURL == "https://acme.example/v1")
        #expect(provider.credential == nil)
    }

    @Test func `where a known address takes OpenAI's dialect, that is spoken`() throws {
        let origin = ImportOrigin(format: .modelsDev, fileName: "t.json", date: nil, sha256: "00")
        func text(_ name: String, _ dialect: String?) -> String {
            ProviderStub.file(for: ImportedProvider(name: name, dialect: dialect), origin).text
        }
        #expect(text("anthropic", "anthropic").contains("  type: generic\n  baseURL: https://api.anthropic.com/v1\n"))
        #expect(text("openai", "openai").contains("  type: openai\n"))
        #expect(text("minimax", "anthropic").contains("  type: anthropic\n"))
        #expect(text("ollama", nil).contains("  privateNetwork: true\n"))
    }

    @Test func `a provider on this machine may be reached there`() throws {
        #expect(try provider(#""api": "http://127.0.0.1:1234/v1","#)?.privateNetwork == true)
    }
}
