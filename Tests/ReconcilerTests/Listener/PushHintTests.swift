import Crypto
@testable import Spec
import Testing

@testable import Reconciler

struct PushHintTests {
    static let secret = Array("It's a Secret to Everybody".utf8)
    static let body = Array("Hello, World!".utf8)
    /// GitHub's documentation gives this signature for these two.
    static let signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    private func hint(_ host: Repository.Push.Host) throws -> PushHint {
        try #require(PushHint(Repository.Push(host: host, path: "/hooks/git", secret: .environment("X")), secret: Self.secret))
    }

    private func judge(_ host: Repository.Push.Host, _ fields: [String: String], body: [UInt8] = PushHintTests.body) throws -> PushHint.Judgement {
        let hint = try hint(host)
        let first = hint.judge(method: "POST", path: "/hooks/git", length: body.count) { fields[$0] }
        return first == .readBody ? hint.judge(body: body) { fields[$0] } : first
    }

    static let good: [(Repository.Push.Host, [String: String])] = [
        (.github, ["x-hub-signature-256": "sha256=" + signature, "x-github-event": "push"]),
        (.gitea, ["x-gitea-signature": signature, "x-gitea-event": "push"]), (.generic, ["x-charter-signature": "sha256=" + signature]),
        (.gitlab, ["x-gitlab-token": "It's a Secret to Everybody", "x-gitlab-event": "Push Hook"]),
    ]

    @Test(arguments: good) func `a signed push is a hint to look`(host: Repository.Push.Host, fields: [String: String]) throws {
        #expect(try judge(host, fields) == .look)
    }

    @Test(arguments: good) func `another body, no signature, or a signature of another host is refused`(
        host: Repository.Push.Host, fields: [String: String]
    ) throws {
        if host != .gitlab { #expect(try judge(host, fields, body: Array("Hello, World?".utf8)) == .refuse(status: 401)) }
        #expect(try judge(host, [:]) == .refuse(status: 401))
        for (other, theirs) in Self.good where other != host { #expect(try judge(host, theirs) == .refuse(status: 401)) }
    }

    @Test(arguments: [
        "", "sha256=", "sha256=zz", "sha1=" + signature, signature, "sha256=" + signature.dropLast(), "sha256=" + signature + "00", "SHA256=" + signature,
        "sha256= " + signature, "sha256=" + String(repeating: "0", count: 64),
    ]) func `a signature in another form is refused, most before the body is read`(text: String) throws {
        #expect(try judge(.github, ["x-hub-signature-256": text, "x-github-event": "push"]) == .refuse(status: 401))
    }

    @Test(arguments: ["", "It's a Secret to Everybod", "It's a Secret to Everybody ", "it's a secret to everybody"])
    func `a token that is nearly the secret is refused`(token: String) throws {
        #expect(try judge(.gitlab, ["x-gitlab-token": token, "x-gitlab-event": "Push Hook"]) == .refuse(status: 401))
    }

    @Test func `GitLab's token decides before the body is read`() throws {
        let fields = ["x-gitlab-token": "It's a Secret to Everybody", "x-gitlab-event": "Push Hook"]
        #expect(try hint(.gitlab).judge(method: "POST", path: "/hooks/git", length: 1 << 40) { fields[$0] } == .look)
    }

    @Test func `a body that is too long is refused by what its head says, and else by what came`() throws {
        let fields = Self.good[0].1
        let github = try hint(.github)
        #expect(github.judge(method: "POST", path: "/hooks/git", length: PushHint.bodyBytesMax + 1) { fields[$0] } == .refuse(status: 413))
        #expect(github.judge(method: "POST", path: "/hooks/git", length: nil) { fields[$0] } == .readBody)
        #expect(github.judge(body: [UInt8](repeating: 0, count: PushHint.bodyBytesMax + 1)) { fields[$0] } == .refuse(status: 413))
    }

    @Test func `another path, another method and another event`() throws {
        let fields = Self.good[0].1
        let github = try hint(.github)
        #expect(github.judge(method: "POST", path: "/hooks/git/", length: 1) { fields[$0] } == .refuse(status: 404))
        #expect(github.judge(method: "GET", path: "/hooks/git", length: 0) { fields[$0] } == .refuse(status: 405))
        #expect(try judge(.github, fields.merging(["x-github-event": "ping"]) { $1 }) == .ignore)
    }

    @Test func `an empty secret signs nothing`() throws {
        #expect(PushHint(Repository.Push(host: .github, path: "/", secret: .environment("X")), secret: []) == nil)
    }
}
