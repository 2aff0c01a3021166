import Crypto
import Spec
import Testing

@testable import Store

/// Calls that are known by what they say, where the patch made of them is another each time.
@Suite struct RepeatedCallTests {
    let connection: Connection

    init() throws {
        connection = try Fixtures.connection()
        try connection.transaction { try Units.ensure($0, name: "main", repository: "r", folder: "") }
    }

    private func ask(_ value: String, call: String) throws -> (request: ChangeRequest, isRepeated: Bool) {
        let patch = ChangePatch([.edit(Fixtures.key("team", .budget), [.init(pointer: "/spec/hard", value: value)])])
        let draft = ChangeDraft(
            org: "acme", unit: "main", title: "Set hard", patch: patch, caller: "acme/ada", purpose: "", idempotencyKey: "k", call: call)
        return try connection.transaction { try ChangeRequests.ask($0, draft, uid: SecureRandom.uuid()) }
    }

    private func earlier(_ call: String, key: String = "k", caller: String = "acme/ada") throws -> ChangeRequest? {
        try connection.transaction { try ChangeRequests.earlier($0, caller: caller, key: key, call: call) }
    }

    @Test func `the same call is the same request though its patch is another, and another call is refused`() throws {
        let first = try ask("\"1 USD/day\"", call: "POST /keys")
        let again = try ask("\"2 USD/day\"", call: "POST /keys")
        #expect(again.isRepeated && again.request.uid == first.request.uid && again.request.asked.patch == first.request.asked.patch)
        #expect(throws: IdempotencyConflict(uid: first.request.uid)) { try ask("\"1 USD/day\"", call: "POST /others") }
    }

    @Test func `a call is found by its key for a day, by its caller alone`() throws {
        #expect(try earlier("c") == nil)
        let first = try ask("\"1 USD/day\"", call: "c").request
        #expect(try earlier("c")?.uid == first.uid)
        #expect(throws: IdempotencyConflict(uid: first.uid)) { try earlier("d") }
        #expect(try earlier("c", key: "other") == nil && earlier("c", caller: "acme/bo") == nil)
        try connection.transaction { try $0.query("UPDATE charter.change_request SET created_at = now() - interval '25 hours'") }
        #expect(try earlier("c") == nil)
    }

    @Test func `a patch that is to be proposed says so, and one that is not reads as ever`() {
        let plain = ChangePatch([.remove(Fixtures.key("team", .budget))])
        var proposed = plain
        proposed.isProposal = true
        #expect(!plain.json.contains("propose") && ChangePatch(json: plain.json) == plain)
        #expect(ChangePatch(json: proposed.json) == proposed && proposed != plain)
    }

    @Test func `the sort of a refusal is told by how its reason begins`() throws {
        var request = try ask("\"1 USD/day\"", call: "c").request
        request.state = .refused
        for word in ChangeRequest.RefusalWord.allCases {
            request.reason = word.reason("such a thing")
            #expect(request.refusalWord == word)
        }
        request.reason = "the branch declares no such thing"
        #expect(request.refusalWord == nil)
    }
}
