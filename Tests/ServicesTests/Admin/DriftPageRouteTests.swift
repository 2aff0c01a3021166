import Crypto
import Foundation
import HTTP
import Spec
import TestKit
import Testing

@testable import Services

/// `/admin/drift` over real sockets, as browsers and programs ask for it.
struct DriftPageRouteTests {
    private let scene: AdminScene
    private let served: AdminListener
    private static let hostile = #""| <script>alert('x')</script> \"><img src=x onerror=alert(1)> [x](http://evil) &lt;""#

    init() throws {
        scene = try AdminScene()
        var settings = AdminSettings(database: scene.database)
        settings.listen = "127.0.0.1:0"
        served = try AdminListener(settings) { _ in }
    }

    private func ask(
        _ path: String = "/admin/drift", _ method: String = "GET", bearer: String? = nil, basic: String? = nil, accept: String? = nil
    ) throws -> WireAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n"
        if let bearer { head += "Authorization: Bearer \(bearer)\r\n" }
        if let basic { head += "Authorization: Basic \(Data(basic.utf8).base64EncodedString())\r\n" }
        if let accept { head += "Accept: \(accept)\r\n" }
        return try WireAnswer(StreamCall.tcp(served.port).send(head + "\r\n"))
    }

    private var admin: String { AdminScene.secret("acme", "admin") }

    @Test func `a browser is asked for a name and a password, and the password is the key`() throws {
        defer { served.stop() }
        let nobody = try ask(accept: "text/html")
        #expect(nobody.status == 401 && nobody.head.contains("Basic realm=\"Charter\", charset=\"UTF-8\""), "\(nobody.head)")
        for name in ["anybody", "", "ada"] {
            let page = try ask(basic: "\(name):\(admin)", accept: "text/html,application/xhtml+xml,*/*;q=0.8")
            #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8", "\(page.head)")
        }
        for basic in [":wrong", admin, "\(admin):", ""] { #expect(try ask(basic: basic).status == 401) }
    }

    @Test func `what browsers send by themselves opens pages alone`() throws {
        defer { served.stop() }
        for path in ["/v1/admin/self", "/v1/admin/orgs/acme/drift", "/openapi.json"] {
            let answer = try ask(path, basic: "x:\(admin)")
            #expect(answer.status == 401 && !answer.head.lowercased().contains("www-authenticate: basic"), "\(path): \(answer.head)")
        }
    }

    @Test func `what a hand wrote is text, whatever it says, in each form`() throws {
        defer { served.stop() }
        try scene.find(Self.hostile, in: [("acme/Budget/team", "/spec/<b>"), ("acme/Budget/<script>", "/spec/hard")])
        let page = try ask(bearer: admin)
        #expect(page.status == 200)
        for tag in ["<script", "<img", "<b>", "onerror=alert(1)>"] { #expect(!page.text.contains(tag), "\(page.text)") }
        #expect(page.text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") && page.text.contains("100 USD/month"))
        #expect(page.text.contains("&amp;lt;"), "an entity in a value is no entity on the page")
        let markdown = try ask("/admin/drift.md", bearer: admin)
        #expect(!markdown.text.contains("<script") && !markdown.text.contains("](http"))
        let rows = markdown.text.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 4 && rows.allSatisfy { $0.count(where: { $0 == "|" }) == 7 }, "\(markdown.text)")
        let json = try ask("/admin/drift.json", bearer: admin)
        #expect(json.text.contains("<script>"), "JSON is data, and said to be")
        #expect(json.headers["content-type"] == "application/json" && json.headers["x-content-type-options"] == "nosniff")
    }

    @Test func `the page may run nothing, fetch nothing and be framed by nobody, and its own style is the one that is allowed`() throws {
        defer { served.stop() }
        try scene.find(in: [("acme/Budget/team", "/spec/hard")])
        let page = try ask(bearer: admin)
        let policy = try #require(page.headers["content-security-policy"])
        for words in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] { #expect(policy.contains(words)) }
        #expect(!policy.contains("unsafe") && page.headers["cache-control"] == "no-store")
        let style = try #require(page.text.firstMatch(of: /<style>([^<]*)<\/style>/)?.output.1)
        #expect(policy.contains("'sha256-\(Data(SHA256.digest(String(style)).bytes).base64EncodedString())'"))
        #expect(!page.text.contains("style=") && !page.text.contains("href=") && !page.text.contains("src="))
    }

    @Test(arguments: [
        (nil, "text/html; charset=utf-8"), ("*/*", "text/html; charset=utf-8"), ("text/*", "text/html; charset=utf-8"),
        ("application/json", "application/json"), ("text/markdown", "text/markdown; charset=utf-8"),
        ("application/json;q=0.5, text/markdown;q=0.9", "text/markdown; charset=utf-8"),
        ("text/html;q=0, */*;q=0.1", "text/markdown; charset=utf-8"), ("image/png, application/*", "application/json"),
    ] as [(String?, String)])
    func `the form is what the client takes`(accept: String?, type: String) throws {
        defer { served.stop() }
        let answer = try ask(bearer: admin, accept: accept)
        #expect(answer.status == 200 && answer.headers["content-type"] == type && answer.headers["vary"] == "accept", "\(answer.head)")
    }

    @Test func `no form that fits is 406, and a path or a word says more than Accept`() throws {
        defer { served.stop() }
        let none = try ask(bearer: admin, accept: "image/png")
        #expect(none.status == 406 && none.text.contains("not_acceptable"))
        #expect(try ask("/admin/drift.json", bearer: admin, accept: "image/png").headers["content-type"] == "application/json")
        #expect(try ask("/admin/drift?format=markdown", bearer: admin, accept: "text/html").headers["content-type"] == "text/markdown; charset=utf-8")
        #expect(try ask("/admin/drift?format=pdf", bearer: admin).status == 400)
        #expect(try ask("/admin/other", bearer: admin).status == 404)
    }

    @Test func `HEAD has the head of GET and no body`() throws {
        defer { served.stop() }
        let head = try ask("/admin/drift.md", "HEAD", bearer: admin)
        let get = try ask("/admin/drift.md", bearer: admin)
        #expect(head.status == 200 && head.text.isEmpty && !get.text.isEmpty)
        #expect(head.headers["content-length"] == get.headers["content-length"] && head.headers["content-type"] == get.headers["content-type"])
        #expect(try ask("/admin/drift", "POST", bearer: admin).status == 405)
    }

    @Test func `each sees what is theirs, and who may not see drift sees none`() throws {
        defer { served.stop() }
        try scene.find(in: [("acme/Budget/team", "/spec/hard"), ("globex/Budget/team", "/spec/hard"), ("-/Scope/chat", "/spec/x")])
        for path in ["/admin/drift", "/admin/drift.md", "/admin/drift.json"] {
            let own = try ask(path, bearer: admin).text
            #expect(own.contains("acme") && !own.contains("globex") && !own.contains("Scope"), "\(own)")
            let all = try ask(path, bearer: AdminScene.secret("acme", "system-admin")).text
            #expect(all.contains("acme") && all.contains("globex") && all.contains("Scope"))
            #expect(try ask(path, bearer: AdminScene.secret("acme", "finance")).status == 403)
        }
    }

    @Test func `nothing found and nobody looked are two things`() throws {
        defer { served.stop() }
        #expect(try ask(bearer: admin).text.contains("Nobody has looked yet"))
        try scene.find(in: [])
        let page = try ask(bearer: admin)
        #expect(page.text.contains("Everything is as it was applied.") && page.text.contains("default: scanned at "))
        #expect(try ask("/admin/drift.md", bearer: admin).text.contains("Everything is as it was applied."))
    }
}
