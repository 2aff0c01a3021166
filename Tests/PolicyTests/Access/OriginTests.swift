import Policy
import Spec
import Testing

@Suite struct OriginTests {
    private func refusal(_ origin: String?, declared: String?) throws -> Refusal? {
        let snapshot = try World(key: declared.map { "  origins: [\($0)]" } ?? "").snapshot()
        var facts = RequestFacts.chat()
        facts.origin = origin.map { WebOrigin($0) }
        return snapshot.authorize(try snapshot.caller(), facts).failure
    }

    @Test(arguments: [
        ("https://app.acme.example", "https://app.acme.example"),
        ("https://app.acme.example:443", "https://app.acme.example"),
        ("http://app.acme.example:80", "http://app.acme.example"),
        ("https://app.acme.example:8443", "https://app.acme.example:8443"),
        ("http://app.acme.example:443", "http://app.acme.example:443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://*.acme.example", "https://app.acme.example"),
        ("https://*.acme.example", "https://eu.app.acme.example"),
        ("https://*.acme.example", "https://xn--bcher-kva.acme.example"),
        ("https://*.acme.example", "https://pr_17.acme.example"),
        ("https://*.app.acme.example", "https://eu.app.acme.example"),
        ("https://*.acme.example:8443", "https://app.acme.example:8443"),
        ("http://*.acme.example:80", "http://app.acme.example"),
        ("https://one.example, https://two.example", "https://two.example"),
    ])
    func `pages of a declared origin may send the key`(declared: String, origin: String) throws {
        let quoted = declared.split(separator: ", ").map { "\"\($0)\"" }.joined(separator: ", ")
        #expect(try refusal(origin, declared: quoted) == nil)
    }

    @Test(arguments: [
        ("https://app.acme.example", "http://app.acme.example"),
        ("https://app.acme.example", "https://app.acme.example:443"),
        ("https://app.acme.example", "https://app.acme.example:8443"),
        ("https://app.acme.example:8443", "https://app.acme.example"),
        ("https://app.acme.example:8443", "https://app.acme.example:443"),
        ("https://app.acme.example", "https://APP.acme.example"),
        ("https://app.acme.example", "HTTPS://app.acme.example"),
        ("https://app.acme.example", "https://app.acme.example."),
        ("https://app.acme.example", "https://app.acme.example/"),
        ("https://app.acme.example", "https://app.acme.example.evil.example"),
        ("https://app.acme.example", "https://app.acme.exampl\u{435}"),
        ("https://app.acme.example", "https://app.acme.example https://evil.example"),
        ("https://app.acme.example", "app.acme.example"),
        ("https://app.acme.example", "null"),
        ("https://app.acme.example", ""),
        ("https://xn--bcher-kva.example", "https://b\u{fc}cher.example"),
        ("https://*.acme.example", "https://acme.example"),
        ("https://*.acme.example", "https://evilacme.example"),
        ("https://*.acme.example", "https://.acme.example"),
        ("https://*.acme.example", "https://a..acme.example"),
        ("https://*.acme.example", "https://*.acme.example"),
        ("https://*.acme.example", "https://app.acme.example."),
        ("https://*.acme.example", "https://app.acme.example:8443"),
        ("https://*.acme.example", "http://app.acme.example"),
        ("https://*.acme.example", "https://evil.example/.acme.example"),
        ("https://*.acme.example", "https://evil.example:1.acme.example"),
        ("https://*.acme.example", "https://evil.example:.acme.example"),
        ("https://*.acme.example", "https://evil.example#.acme.example"),
        ("https://*.acme.example", "https://evil@app.acme.example"),
        ("https://*.acme.example", "https://app.acme.example.evil.example"),
        ("https://*.acme.example", "https://APP.acme.example"),
        ("https://*.app.acme.example", "https://other.acme.example"),
        ("https://*.acme.example", "null"),
        ("https://*.acme.example", "chrome-extension://app.acme.example"),
    ])
    func `other pages may not`(declared: String, origin: String) throws {
        let refusal = try #require(try refusal(origin, declared: "\"\(declared)\""))
        #expect(refusal.code == .originDenied)
        #expect(refusal.message == "the API key may not be sent by pages of `\(origin)`")
    }

    @Test func `a refusal names the list that lacks the pages`() throws {
        let refusal = try #require(try refusal("https://evil.example", declared: "https://app.acme.example"))
        #expect(refusal.code.status == 403)
        #expect(refusal.rule?.resource.description == "acme/APIKey/checkout")
        #expect(refusal.rule?.field == "/spec/origins")
        #expect(refusal.rule?.origin == RuleOrigin(
            path: "orgs/acme/key.yaml", line: 8, column: 12, commit: World.commit, author: World.author))
    }

    @Test func `no page may send a key without origins`() throws {
        let refusal = try #require(try refusal("https://app.acme.example", declared: nil))
        #expect(refusal.code == .originDenied)
        #expect(refusal.rule?.origin?.path == "orgs/acme/key.yaml")
        #expect(try self.refusal("null", declared: nil)?.code == .originDenied)
    }

    @Test func `a request that names no pages is none of a browser's`() throws {
        #expect(try refusal(nil, declared: nil) == nil)
        #expect(try refusal(nil, declared: "https://app.acme.example") == nil)
    }

    @Test func `repeats no origin that is longer than any`() throws {
        let long = "https://" + String(repeating: "a", count: 5000)
        #expect(try refusal(long, declared: nil)?.message == "the API key may not be sent by pages of this origin")
    }

    @Test func `the list of models asks for the pages too`() throws {
        let snapshot = try World(key: "  origins: [\"https://app.acme.example\"]").snapshot()
        let caller = try snapshot.caller()
        let asked = { (origin: String) in
            snapshot.authorize(caller, RequestFacts(endpoint: .models, model: "", origin: WebOrigin(origin))).failure?.code
        }
        #expect(asked("https://app.acme.example") == nil)
        #expect(asked("https://evil.example") == .originDenied)
    }

    @Test func `one key's pages are not another's, and any key's may read answers`() throws {
        let snapshot = try World(
            key: "  origins: [\"https://app.acme.example\", \"https://*.shop.example\"]",
            files: ["orgs/acme/other.yaml": World.key("  origins: [\"https://other.example\"]", name: "other", secret: 0x22)]
        ).snapshot()
        var facts = RequestFacts.chat()
        facts.origin = WebOrigin("https://other.example")
        #expect(snapshot.authorize(try snapshot.caller(), facts).failure?.code == .originDenied)
        #expect(snapshot.authorize(try snapshot.caller(0x22), facts).failure == nil)
        for origin in ["https://app.acme.example", "https://a.b.shop.example", "https://other.example"] {
            #expect(snapshot.mayAnswerBeRead(by: WebOrigin(origin)), "\(origin)")
        }
        for origin in ["https://shop.example", "https://*.shop.example", "https://evil.example", "null", ""] {
            #expect(!snapshot.mayAnswerBeRead(by: WebOrigin(origin)), "\(origin)")
        }
    }

    @Test func `pages of a key that no secret opens may read nothing`() throws {
        let key = World.key("  origins: [\"https://app.acme.example\"]")
        let closed = key.replacing(#/secrets: \[.*\]/#, with: "secrets: []")
        let origin = WebOrigin("https://app.acme.example")
        #expect(try World(files: ["orgs/acme/key.yaml": key]).snapshot().mayAnswerBeRead(by: origin))
        #expect(try !World(files: ["orgs/acme/key.yaml": closed]).snapshot().mayAnswerBeRead(by: origin))
    }
}
