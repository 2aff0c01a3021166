import Policy
import Spec
import Testing

@Suite struct ReviewTests {
    private func review(key: String, files: [String: String] = [:]) throws -> [Diagnostic] {
        try World(key: key, files: files).compile().diagnostics
    }

    @Test func `a key without faults gives no diagnostics`() throws {
        #expect(try review(key: "").isEmpty)
    }

    @Test func `a key test that fails is an error at its place, with the rule that decided`() throws {
        let found = try review(
            key: """
                  models: { deny: [openai/o3-pro] }
                  tests:
                    - { request: { model: openai/gpt-4o }, expect: allow }
                    - { request: { model: openai/o3-pro }, expect: allow }
                    - { request: { model: assistant }, expect: deny model_not_allowed }
                    - { request: { model: openai/o3-pro }, expect: deny model_not_allowed }
                    - { request: { model: openai/gpt-4o, endpoint: embeddings }, expect: deny model_not_allowed }
                """)
        #expect(found.map(\.code) == [.keyTestFailed, .keyTestFailed, .keyTestFailed])
        #expect(found.map(\.place?.position.line) == [11, 12, 14])
        #expect(found[0].severity == .error)
        #expect(found[0].message.contains("model_not_allowed") && found[0].message.contains("orgs/acme/key.yaml:8"))
        #expect(found[1].message.contains("is allowed, with `openai/gpt-4o`"))
        #expect(found[2].message.contains("scope_denied"))
    }

    @Test func `a key whose owner may not invoke is remarked on`() throws {
        let key = World.key("").replacing("owner: sam", with: "owner: eve")
        let found = try review(key: "", files: ["orgs/acme/key.yaml": key])
        #expect(found.map(\.code) == [.keyWithoutPermission])
        #expect(found[0].place?.position.line == 5)
        #expect(found[0].severity == .warning)
    }

    @Test func `a key for administration alone needs no owner who may invoke`() throws {
        let key = World.key("").replacing("owner: sam", with: "owner: eve").replacing("scopes: [chat]", with: "scopes: [admin]")
        #expect(key.contains("scopes: [admin]"))
        let scope = "apiVersion: charter/v1\nkind: Scope\nmetadata: { name: admin }\nspec: { endpoints: ENDPOINTS, permissions: [audit.read] }\n"
        let found = { (endpoints: String) in
            try self.review(
                key: "", files: ["orgs/acme/key.yaml": key, "orgs/acme/admin.yaml": scope.replacing("ENDPOINTS", with: endpoints)]
            ).map(\.code)
        }
        #expect(try found("[]") == [])
        #expect(try found("[chat.completions]") == [.keyWithoutPermission])
    }

    @Test func `a key that can reach no model is remarked on`() throws {
        let found = try review(key: "  models: { allow: [openai/gpt-4o], deny: [\"*\"] }")
        #expect(found.map(\.code) == [.keyWithoutModels])
        #expect(found[0].place?.path == "orgs/acme/key.yaml")
    }

    @Test func `what is told of a folder's defaults names a key that has them`() throws {
        let found = try review(
            key: "",
            files: [
                "orgs/acme/_defaults.yaml":
                    "apiVersion: charter/v1\nkind: APIKey\nspec: { models: { allow: [openai/gpt-4o], deny: [\"*\"] } }\n"
            ])
        #expect(found.map(\.code) == [.keyWithoutModels])
        #expect(found[0].place?.path == "orgs/acme/_defaults.yaml")
        #expect(found[0].related.first?.place.path == "orgs/acme/key.yaml")
        #expect(found[0].related.first?.message == "inherited by the key `checkout`, for one")
    }

    @Test func `a route that a key names but may not use is remarked on`() throws {
        let found = try review(key: "  models: { allow: [assistant, vllm/free], deny: [\"openai/*\", vllm/llama] }")
        #expect(found.map(\.code) == [.routeClosed])
        #expect(found[0].place?.position.line == 8)
    }

    @Test func `a test that expects a refusal nobody gives is an error of its own`() throws {
        let found = try review(
            key: "  tests: [{ request: { model: openai/gpt-4o }, expect: deny model_not_alowed }]")
        #expect(found.map(\.code) == [.refusalUnknown])
        #expect(found[0].hint == "did you mean `model_not_allowed`?")
    }

    @Test func `a model without prices that only a route falls back to is remarked on`() throws {
        let route = """
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: last-resort }
            spec: { targets: [{ model: openai/gpt-4o }], fallback: [vllm/free] }
            """
        let found = try review(
            key: "  models: { allow: [last-resort] }\n  budget: { hard: 5 USD/day }", files: ["last.yaml": route])
        #expect(found.map(\.code) == [.modelUnpriced])
    }

    @Test func `both ends of what shuts a key out are told`() throws {
        let closed = try review(key: "  models: { allow: [assistant, vllm/free], deny: [\"openai/*\", vllm/llama] }")
        #expect(closed.map(\.related).map { $0.map(\.message) } == [["the targets of `assistant`"]])
        #expect(closed[0].related[0].place.path == "platform.yaml")
    }

    @Test func `a budget in money over a model without prices is remarked on once`() throws {
        let found = try review(
            key: "  budget: { hard: 5 USD/day }", files: ["orgs/acme/second.yaml": World.key("  budget: { hard: 5 requests/day }", name: "second", secret: 0x22)])
        #expect(found.map(\.code) == [.modelUnpriced])
        #expect(found[0].place == Place(path: "orgs/acme/key.yaml", position: Position(line: 8, column: 19)))
        #expect(found[0].message.contains("vllm/free"))
    }

    @Test func `can answers with the set of models or the refusal`() throws {
        let snapshot = try World(key: "  models: { deny: [vllm/llama] }").snapshot()
        let yes = try #require(snapshot.can(key: "checkout", of: "acme", use: "assistant", at: .chatCompletions))
        #expect(try yes.get().map(\.qualifiedName) == ["openai/gpt-4o", "openai/o3-pro"])
        #expect(snapshot.can(key: "checkout", of: "acme", use: "vllm/llama", at: .chatCompletions)?.failure?.code == .modelNotAllowed)
        #expect(snapshot.can(key: "nobody", of: "acme", use: "assistant", at: .chatCompletions) == nil)
    }
}
