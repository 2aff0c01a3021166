import Crypto
import Spec
import Testing
import TestKit

@testable import Store

@Suite struct ChangeRequestsTests {
    let connection: Connection

    init() throws {
        connection = try Fixtures.connection()
        try connection.transaction { try Units.ensure($0, name: "main", repository: "r", folder: "") }
    }

    private let patch = ChangePatch([
        .edit(Fixtures.key("team", .budget), [.init(pointer: "/spec/hard", value: #""4 USD/day""#), .init(pointer: "/spec/zone", value: nil)]),
        .add(document: "kind: X\n\"é\"", org: "acme", path: "orgs/acme/x.yaml"), .add(document: "y", org: nil, path: nil),
        .remove(Fixtures.key("old", org: nil, .provider)),
    ])

    private func draft(_ key: String? = nil, purpose: String = "", org: String? = "acme") -> ChangeDraft {
        ChangeDraft(
            org: org, unit: "main", title: "Set hard", patch: patch, caller: "acme/ada", purpose: purpose, idempotencyKey: key)
    }

    private func ask(_ draft: ChangeDraft) throws -> (request: ChangeRequest, isRepeated: Bool) {
        try connection.transaction { try ChangeRequests.ask($0, draft, uid: SecureRandom.uuid()) }
    }

    @Test func `a patch reads back as it was written`() throws {
        #expect(ChangePatch(json: patch.json) == patch)
        let (request, isRepeated) = try ask(draft())
        #expect(request.asked.patch == patch && request.state == .pending && !isRepeated && !request.isBegun)
        #expect(ChangePatch(json: "{}") == nil && ChangePatch(json: #"{"steps":[{"act":"drop"}]}"#) == nil)
    }

    @Test func `what is declared and what was seen read back, and a patch without them is written as ever`() throws {
        let team = Fixtures.key("team", .budget)
        let seen = ChangePatch(
            [.declare(team, canonical: #"{"spec":{"hard":"4 USD/day"}}"#)],
            expected: [team: String(repeating: "a", count: 64), Fixtures.key("old", org: nil, .provider): nil])
        #expect(ChangePatch(json: seen.json) == seen)
        #expect(seen.orgs == ["acme"])
        #expect(seen.expected.count == 2)
        #expect(ChangePatch([.remove(team)]).json == #"{"steps":[{"act":"remove","org":"acme","kind":"Budget","name":"team"}]}"#)
        #expect(ChangePatch(json: #"{"steps":[],"expected":[{"kind":"Nothing"}]}"#) == nil)
    }

    @Test func `what must be there still reads back, and a version that does not know it takes it for what must not be there`() throws {
        let team = Fixtures.key("team", .budget)
        let bound = ChangePatch([.removeOrganization("acme")], expected: [Fixtures.key("old", .budget): nil], present: [team])
        #expect(ChangePatch(json: bound.json) == bound && bound.orgs == ["acme"])
        #expect(bound.json.contains(#"{"act":"removeOrganization","org":"acme"}"#))
        #expect(bound.json.contains(#"{"org":"acme","kind":"Budget","name":"team","present":true}"#))
        #expect(ChangePatch(json: #"{"steps":[{"act":"removeOrganization"}]}"#) == nil)
    }

    @Test func `the same call with the same key is the same request, another call is refused`() throws {
        let first = try ask(draft("k"))
        let again = try ask(draft("k"))
        #expect(again.request.uid == first.request.uid && again.isRepeated)
        #expect(throws: IdempotencyConflict(uid: first.request.uid)) { try ask(draft("k", purpose: "another")) }
        // Without a key each call is one of its own.
        let (one, other) = (try ask(draft()), try ask(draft()))
        #expect(one.request.uid != other.request.uid)
    }

    @Test func `a key is forgotten after a day`() throws {
        let first = try ask(draft("k"))
        try connection.transaction { try $0.query("UPDATE charter.change_request SET created_at = now() - interval '25 hours'") }
        let second = try ask(draft("k", purpose: "another"))
        #expect(second.request.uid != first.request.uid && !second.isRepeated)
    }

    @Test func `of many who make the same call at once one adds the request`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        try Connection(url).transaction { try Units.ensure($0, name: "main", repository: "r", folder: "") }
        let draft = draft("k")
        let answers = try inParallel(6) { _ in
            let answer = try Connection(url).transaction { try ChangeRequests.ask($0, draft, uid: SecureRandom.uuid()) }
            return (answer.request.uid, answer.isRepeated)
        }
        #expect(Set(answers.map(\.0)).count == 1 && answers.count { !$0.1 } == 1)
    }

    @Test func `a request moves only from where it may, and once`() throws {
        let uid = try ask(draft()).request.uid
        try connection.transaction { transaction in
            #expect(try ChangeRequests.hasDue(transaction, unit: "main"))
            #expect(try !ChangeRequests.hasDue(transaction, unit: "other"))
            #expect(try !ChangeRequests.enforce(transaction, uid: uid, commit: "c", revision: 1))
            #expect(try ChangeRequests.begin(transaction, uid: uid))
            #expect(try !ChangeRequests.withdraw(transaction, .everything, uid: uid, reason: "r", by: "a"))
            #expect(try ChangeRequests.commit(transaction, uid: uid, commit: "c", by: "a"))
            #expect(try !ChangeRequests.commit(transaction, uid: uid, commit: "d", by: "a"))
            #expect(try !ChangeRequests.refuse(transaction, uid: uid, reason: "r", place: nil, by: "a"))
            #expect(try ChangeRequests.unsettled(transaction, unit: "main", .committed, limit: 9).map(\.uid) == [uid])
            #expect(try ChangeRequests.unsettled(transaction, unit: "main", .committed, after: .max, limit: 9).isEmpty)
            #expect(try ChangeRequests.enforce(transaction, uid: uid, commit: "c", revision: 7))
            let found = try ChangeRequests.one(transaction, .organization("acme"), uid: uid)
            #expect(found?.state == .enforced && found?.commit == "c" && found?.revision == 7)
            #expect(try ChangeRequests.unsettled(transaction, unit: "main", .committed, limit: 9).isEmpty)
        }
    }

    @Test func `one that waits is not due before its time, and says why`() throws {
        let uid = try ask(draft()).request.uid
        try connection.transaction { transaction in
            #expect(try ChangeRequests.postpone(transaction, uid: uid, trouble: "away", after: .seconds(3600)))
            #expect(try !ChangeRequests.hasDue(transaction, unit: "main"))
            #expect(try ChangeRequests.due(transaction, unit: "main", limit: 9).isEmpty)
            let waiting = try ChangeRequests.waiting(transaction)["main"]
            #expect(waiting?.count == 1 && waiting?.trouble == "away")
        }
    }

    @Test func `while an older one pauses none is due that would be done before it`() throws {
        let older = try ask(draft()).request.uid
        let newer = try ask(draft()).request.uid
        func due() throws -> [String] { try connection.transaction { try ChangeRequests.due($0, unit: "main", limit: 9) }.map(\.uid) }
        #expect(try due() == [older, newer])
        _ = try connection.transaction { try ChangeRequests.postpone($0, uid: older, trouble: "away", after: .seconds(3600)) }
        #expect(try due().isEmpty && connection.transaction { try !ChangeRequests.hasDue($0, unit: "main") })
        _ = try connection.transaction { try ChangeRequests.withdraw($0, .everything, uid: older, reason: "r", by: "a") }
        #expect(try due() == [newer])
    }

    @Test func `a proposal can be withdrawn, and its branch is remembered until it is taken away`() throws {
        let (withdrawn, gone) = (try ask(draft()).request.uid, try ask(draft()).request.uid)
        try connection.transaction { transaction in
            for uid in [withdrawn, gone] {
                #expect(try ChangeRequests.propose(transaction, uid: uid, commit: "c", branch: "charter/\(uid)", by: "a"))
            }
            #expect(try ChangeRequests.withdraw(transaction, .organization("acme"), uid: withdrawn, reason: "r", by: "a"))
            #expect(try ChangeRequests.abandon(transaction, uid: gone, reason: "its branch is gone", by: "a"))
            #expect(try !ChangeRequests.abandon(transaction, uid: withdrawn, reason: "r", by: "a"))
            #expect(try ChangeRequests.withBranchLeft(transaction, unit: "main", limit: 9).map(\.uid) == [withdrawn])
            try ChangeRequests.leaveBranch(transaction, uid: withdrawn)
            #expect(try ChangeRequests.withBranchLeft(transaction, unit: "main", limit: 9).isEmpty)
            #expect(try ChangeRequests.one(transaction, .everything, uid: gone)?.reason == "its branch is gone")
        }
    }

    @Test func `what is over goes after its time, in pieces, and nothing else does`() throws {
        let uids = try (0..<5).map { _ in try ask(draft()).request.uid }
        try connection.transaction { transaction in
            for uid in uids.dropLast(2) { _ = try ChangeRequests.refuse(transaction, uid: uid, reason: "r", place: nil, by: "a") }
            _ = try ChangeRequests.propose(transaction, uid: uids[3], commit: "c", branch: "b", by: "a")
            try transaction.query(
                "UPDATE charter.change_request SET created_at = now() - interval '9 days', decided_at = now() - interval '8 days'")
            try transaction.query("UPDATE charter.change_request SET decided_at = now() WHERE uid = $1::uuid", [.text(uids[2])])
            func prune(_ limit: Int, of unit: String = "main") throws -> Int {
                try ChangeRequests.prune(transaction, unit: unit, after: .seconds(7 * 86_400), limit: limit)
            }
            let counts = try [prune(9, of: "other"), prune(1), prune(9), prune(9)]
            #expect(counts == [0, 1, 1, 0])
            #expect(try Set(ChangeRequests.list(transaction, .everything, limit: 9).map(\.uid)) == Set(uids.dropFirst(2)))
        }
    }

    @Test func `an organization sees and withdraws its own alone`() throws {
        let (own, foreign) = (try self.ask(draft()).request.uid, try self.ask(draft(org: "beta")).request.uid)
        func ask<Value>(_ question: (Transaction) throws -> Value) throws -> Value { try connection.transaction { try question($0) } }
        let acme = Tenancy.organization("acme")
        let seen = try ask { try ChangeRequests.list($0, acme, limit: 9) }
        #expect(seen.map(\.uid) == [own])
        let hidden = try ask { try ChangeRequests.one($0, acme, uid: foreign) }
        #expect(hidden == nil)
        let isForeignWithdrawn = try ask { try ChangeRequests.withdraw($0, acme, uid: foreign, reason: "r", by: "a") }
        let isOwnWithdrawn = try ask { try ChangeRequests.withdraw($0, acme, uid: own, reason: "r", by: "a") }
        #expect(!isForeignWithdrawn && isOwnWithdrawn)
        let all = try ask { try ChangeRequests.list($0, .everything, limit: 9) }
        #expect(all.map(\.uid) == [foreign, own])
        let withdrawn = try ask { try ChangeRequests.list($0, .everything, states: [.withdrawn], limit: 9) }
        #expect(withdrawn.map(\.uid) == [own])
    }
}
