import Spec
import Store
import Synchronization
import TestKit
import Testing

@testable import Reconciler

/// However many proposals are open, an apply waits for a few of them at most, and each has its turn.
@Suite struct SettlementRoundTests {
    /// A clock on which an hour goes by between two looks.
    private final class Leaps: Sendable {
        private let hours = Mutex<Int64>(0)
        private let start = ContinuousClock.now

        var now: ContinuousClock.Instant {
            start + .seconds(3_600 * hours.withLock { hours in
                hours += 1
                return hours
            })
        }
    }

    /// Proposals of labels, one each, whose branches are not known here.
    private func propose(_ labels: String..., to it: WriteBackScene) throws -> [String] {
        let uids = try labels.map { try it.ask("metadata.labels.\($0)=gold", as: "acme/bo") }
        try it.scene.sql(
            "UPDATE charter.change_request SET state = 'proposed', commit = repeat('1', 40), branch = 'charter/' || uid, decided_at = now() WHERE state = 'pending'")
        return uids
    }

    private func declare(_ labels: String..., in it: WriteBackScene) throws {
        let text = labels.map { "\($0): gold" }.joined(separator: ", ")
        try it.scene.repository.commit([
            WriteBackScene.team: WriteBackScene.teamText.replacing("{ name: team }", with: "{ name: team, labels: { \(text) } }")
        ])
    }

    private func enforced(_ it: WriteBackScene) throws -> [String] {
        try it.scene.sql("SELECT uid FROM charter.change_request WHERE state = 'enforced' ORDER BY number")
    }

    @Test func `an apply ends when the time for settling is over, and later rounds settle the rest in turn`() throws {
        let it = try WriteBackScene()
        let uids = try propose("one", "two", "three", to: it)
        try declare("one", "two", "three", in: it)
        let (session, leaps) = (try it.scene.session(), Leaps())
        session.settlement.now = { leaps.now }
        guard case .applied = try session.applyOnce(guardedBy: PlanGuard()) else { throw Unexpected() }
        #expect(try enforced(it) == Array(uids[..<1]) && session.isSettling)
        for count in 2...3 {
            try session.settleOn(in: it.scene.source.open())
            #expect(try enforced(it) == Array(uids[..<count]))
        }
        #expect(!session.isSettling)
    }

    @Test func `a commit that comes while others are settled has all looked at again`() throws {
        let it = try WriteBackScene()
        let uids = try propose("one", "two", "three", to: it)
        try declare("other", in: it)
        let (session, leaps) = (try it.scene.session(), Leaps())
        session.settlement.now = { leaps.now }
        _ = try session.applyOnce(guardedBy: PlanGuard())
        #expect(try enforced(it).isEmpty && session.isSettling)
        try declare("one", in: it)
        _ = try session.applyOnce(guardedBy: PlanGuard())
        for _ in 1...9 where session.isSettling { try session.settleOn(in: it.scene.source.open()) }
        #expect(try enforced(it) == Array(uids[..<1]) && !session.isSettling)
    }

    @Test func `a proposal whose branch is gone is withdrawn however many others are looked at in between`() throws {
        let it = try WriteBackScene()
        let uids = try propose("one", to: it)
        try it.scene.sql(
            """
            INSERT INTO charter.change_request (uid, org, unit, state, patch, caller, idempotency_key, base_revision, decided_at, commit, branch)
            SELECT gen_random_uuid(), 'acme', 'default', 'proposed', '{"steps": []}', 'acme/bo', 'k' || n, 0, now(), repeat('1', 40), 'main'
            FROM generate_series(1, \(RequestTurns.pageCount + 100)) n
            """)
        let session = try it.scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(600)))
        var ended: [ChangeRequest] = []
        for _ in 1...4 {
            try session.settleChanges(in: it.scene.source.open())
            ended += try session.endProposals(token, ttl: .seconds(600))
        }
        #expect(ended.map(\.uid) == uids)
    }

    @Test func `what an edit is made of is looked at one by one, until the time is over`() throws {
        let it = try WriteBackScene()
        let repository = try it.scene.source.open()
        var reader = CommitReader()
        guard case .sound(let desired) = try reader.read(it.scene.source.tip(in: repository), in: repository) else { throw Unexpected() }
        let files = try EditedFiles(desired, in: repository)
        let made = ChangePatch.FieldOperation(pointer: "/spec/hard", value: #""100 USD/month""#)
        let key = ResourceKey(org: "acme", kind: .budget, name: "team")
        #expect(try files.areCarriedOut([.edit(key, [made, made])], unless: { false }) == true)
        #expect(try files.areCarriedOut([.edit(key, [made, made])], unless: { true }) == nil)
        #expect(try files.areCarriedOut([.edit(key, [made])], unless: { true }) == true)
        var edited = files
        #expect(throws: ChangeRefusal.refused("the change takes too long to make; ask for less at a time")) {
            try edited.carryOut(.edit(key, [made]), until: .now)
        }
    }

    @Test func `a change that needs no commit, and was withdrawn while that was found out, is not told of as committed`() throws {
        let it = try WriteBackScene()
        let (first, second) = (try it.ask("hard=9 USD/month"), try it.ask("hard=9 USD/month"))
        try it.scene.sql(
            """
            CREATE FUNCTION charter.withdraw_second() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                UPDATE charter.change_request SET state = 'withdrawn', reason = 'not now', decided_at = now() WHERE uid = '\(second)';
                RETURN NULL;
            END $body$
            """)
        try it.scene.sql(
            """
            CREATE TRIGGER withdraw_second AFTER UPDATE ON charter.change_request FOR EACH ROW
            WHEN (NEW.state = 'committed' AND NEW.uid = '\(first)') EXECUTE FUNCTION charter.withdraw_second()
            """)
        let session = try it.scene.session()
        let done = try session.carryOutChanges(#require(try session.acquireLead(ttl: .seconds(600))))
        #expect(done.map(\.request.uid) == [first])
        #expect(try it.state(of: second).state == .withdrawn)
    }
}
