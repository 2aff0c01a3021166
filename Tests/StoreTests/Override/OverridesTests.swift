import Crypto
import Spec
import TestKit
import Testing

@testable import Store

@Suite struct OverridesTests {
    private func sample(
        org: String? = "acme", effect: Override.Effect = .patch(ResourcePatch(["/spec/hard": #""400 USD/month""#])), from: Instant,
        lasting milliseconds: Int64 = 3_600_000
    ) -> Override {
        Override(
            uid: SecureRandom.uuid(), target: ResourceKey(org: org, kind: .budget, name: "monthly"), targetUID: SecureRandom.uuid(),
            effect: effect, owner: "ada", reason: "the night must be bridged", baseRevision: 7, createdAt: from,
            expiresAt: Instant(milliseconds: from.milliseconds + milliseconds))
    }

    private func clock(_ connection: Connection) throws -> Instant { try connection.transaction { try $0.clock() } }

    private func inForce(_ connection: Connection, _ tenancy: Tenancy = .everything) throws -> [Override] {
        try connection.transaction { try Overrides.inForce($0, tenancy) }
    }

    private func ask(_ change: String, _ transaction: Transaction) throws {
        let draft = ChangeDraft(
            org: "acme", unit: "default", title: "Commit it", patch: ChangePatch([]), caller: "acme/ada", purpose: "", idempotencyKey: nil)
        _ = try ChangeRequests.ask(transaction, draft, uid: change)
    }

    /// One whose change was asked for.
    private func openAsked(_ override: Override, _ transaction: Transaction) throws {
        try Overrides.open(transaction, override, actor: "ada")
        let change = SecureRandom.uuid()
        try ask(change, transaction)
        #expect(try Overrides.note(change: change, of: override.uid, transaction, .everything, actor: "acme/ada"))
    }

    @Test func `an override that is set twice is there once, with one row in the audit and one event`() throws {
        let connection = try Fixtures.connection()
        let wanted = sample(from: try clock(connection))
        #expect(try connection.transaction { try Overrides.open($0, wanted, actor: "ada") })
        #expect(try !connection.transaction { try Overrides.open($0, wanted, actor: "ada") })
        var found = try #require(try inForce(connection).first)
        #expect(found.sequence > 0)
        found.sequence = 0
        #expect(found == wanted)
        try connection.transaction { transaction in
            let acts = try Audit.list(transaction, .organization("acme"), limit: 9)
            #expect(acts.map(\.action) == ["override.set"])
            #expect(acts.first?.detail.contains("the night must be bridged") == true)
            let events = try transaction.query("SELECT type FROM charter.event").map { $0.textOrNil(0) }
            #expect(events == ["override.opened"])
        }
    }

    @Test func `one that is ended is over at once, and ending it again does nothing`() throws {
        let connection = try Fixtures.connection()
        let denial = sample(effect: .denial, from: try clock(connection))
        try connection.transaction { try Overrides.open($0, denial, actor: "ada") }
        let before = try connection.transaction { try Overrides.pulse($0).sequence }
        func end(_ tenancy: Tenancy) throws -> Override? {
            try connection.transaction { try Overrides.close($0, tenancy, uid: denial.uid, actor: "bob") }
        }
        #expect(try end(.organization("globex")) == nil)
        #expect(try inForce(connection).map(\.uid) == [denial.uid])
        let ended = try #require(try end(.organization("acme")))
        #expect(ended.endedBy == "bob" && ended.sequence > before)
        #expect(try inForce(connection).isEmpty)
        #expect(try end(.everything) == nil)
        #expect(try connection.transaction { try Audit.list($0, .everything, limit: 9) }.map(\.action) == ["override.ended", "override.set"])
    }

    @Test func `one whose time is over is not in force, and its end is told once`() throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        let late = sample(from: Instant(milliseconds: now.milliseconds - 7_200_000))
        try connection.transaction { try Overrides.open($0, late, actor: "ada") }
        #expect(try inForce(connection).isEmpty)
        #expect(try connection.transaction { try Overrides.closeExpired($0) } == 1)
        #expect(try connection.transaction { try Overrides.closeExpired($0) } == 0)
        let listed = try connection.transaction { try Overrides.list($0, .everything, limit: 9) }
        #expect(listed.map(\.endedBy) == ["expiry"] && listed.first?.endedAt == late.expiresAt)
    }

    @Test func `an organization sees its own alone, by list and by the beginning of an id`() throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        let (own, platform) = (sample(from: now), sample(org: nil, from: now))
        for override in [own, platform] { try connection.transaction { try Overrides.open($0, override, actor: "ada") } }
        #expect(try inForce(connection, .organization("acme")).map(\.uid) == [own.uid])
        #expect(try inForce(connection, .platform).map(\.uid) == [platform.uid])
        #expect(try inForce(connection, .organization("globex")).isEmpty)
        func found(_ tenancy: Tenancy, _ prefix: String) throws -> [String] {
            try connection.transaction { try Overrides.find($0, tenancy, uidPrefix: prefix).overrides }.map(\.uid)
        }
        #expect(try found(.organization("acme"), String(own.uid.prefix(8))) == [own.uid])
        #expect(try found(.organization("acme"), platform.uid).isEmpty)
        #expect(try found(.everything, "%").isEmpty)
    }

    @Test func `the sequence grows in the order of commits, though two are set at once`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let (first, second) = (try Connection(url), try Connection(url))
        let now = try clock(first)
        let (one, other) = (sample(from: now), sample(from: now))
        let began = try first.transaction { try Overrides.pulse($0).sequence }
        try first.transaction { transaction in
            _ = try Overrides.open(transaction, one, actor: "ada")
            // Who reads meanwhile sees neither the override nor the number, and who writes waits.
            let seen = try second.transaction { try Overrides.pulse($0).sequence }
            #expect(seen == began)
            let refused = Result { try second.transaction(timeout: .milliseconds(200), retry: .once) { try Overrides.open($0, other, actor: "bob") } }
            if case .success = refused { Issue.record("two changed overrides at once") }
        }
        try second.transaction { try Overrides.open($0, other, actor: "bob") }
        #expect(try first.transaction { try Overrides.pulse($0).sequence } > began + 1)
    }

    @Test func `pages hold each override once, the newest first, and none of another tenancy`() throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        // Some are made in the same millisecond.
        let made = (0..<7).map { sample(from: Instant(milliseconds: now.milliseconds - Int64($0 / 3))) }
        let foreign = sample(org: "globex", from: now)
        try connection.transaction { transaction in
            for one in made + [foreign] { try Overrides.open(transaction, one, actor: "ada") }
            _ = try Overrides.close(transaction, .everything, uid: made[0].uid, actor: "ada")
        }
        func read(ended: Bool) throws -> [Override] {
            var (found, position): ([Override], Overrides.Position?) = ([], nil)
            while true {
                let page = try connection.transaction {
                    try Overrides.page($0, .organization("acme"), ended: ended, after: position, limit: 2)
                }
                found += page
                guard let last = page.last else { return found }
                position = Overrides.Position(createdAt: last.createdAt, uid: last.uid)
            }
        }
        let all = try read(ended: true)
        #expect(all.count == 7 && Set(all.map(\.uid)) == Set(made.map(\.uid)))
        #expect(all.map(\.createdAt) == all.map(\.createdAt).sorted(by: >))
        #expect(try Set(read(ended: false).map(\.uid)) == Set(made.dropFirst().map(\.uid)))
        #expect(try connection.transaction { try Overrides.one($0, .organization("acme"), uid: foreign.uid) } == nil)
        #expect(try connection.transaction { try Overrides.one($0, .everything, uid: foreign.uid) }?.uid == foreign.uid)
    }

    @Test func `what a patch remembers of a list is stored with it`() throws {
        let connection = try Fixtures.connection()
        let patch = ResourcePatch(["/spec/limits/0": #""9 requests/min""#], elements: ["/spec/limits/0": "6 requests/min"])
        let override = sample(effect: .patch(patch), from: try clock(connection))
        try connection.transaction { try Overrides.open($0, override, actor: "ada") }
        #expect(try inForce(connection).first?.effect == .patch(patch))
    }

    @Test(arguments: [
        #"patch = '{"/spec/hard": {"newer": true}}'"#, #"elements = '{"/spec/hard": [1]}'"#, "kind = 'Invention'", "elements = '[]'",
    ]) func `a row that cannot be read is named, keeps no other from being read, and its end is noted`(change: String) throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        let (strange, good) = (sample(from: now), sample(from: now))
        for override in [strange, good] { try connection.transaction { try Overrides.open($0, override, actor: "ada") } }
        try connection.transaction { transaction in
            try transaction.query("UPDATE charter.override SET \(change) WHERE uid::text = $1", [.text(strange.uid)])
            let rows = try Overrides.rowsInForce(transaction, .everything)
            #expect(rows.overrides.map(\.uid) == [good.uid] && rows.unreadable.map(\.uid) == [strange.uid])
            #expect(try Overrides.list(transaction, .everything, limit: 9).map(\.uid) == [good.uid])
            #expect(try Overrides.find(transaction, .everything, uidPrefix: strange.uid).unreadable.count == 1)
            #expect(try Overrides.find(transaction, .organization("globex"), uidPrefix: strange.uid).unreadable.isEmpty)
            try transaction.query("UPDATE charter.override SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'")
            #expect(try Overrides.closeExpired(transaction) == 2)
            #expect(try Overrides.closeExpired(transaction) == 0)
            #expect(try Audit.list(transaction, .everything, limit: 9).filter { $0.action == "override.ended" }.count == 2)
        }
    }

    @Test func `an end that a hand has put into infinity keeps no other from being read`() throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        let (endless, good) = (sample(from: now), sample(from: now))
        for override in [endless, good] { try connection.transaction { try Overrides.open($0, override, actor: "ada") } }
        try connection.transaction { transaction in
            try transaction.query("UPDATE charter.override SET expires_at = 'infinity' WHERE uid::text = $1", [.text(endless.uid)])
            #expect(Set(try Overrides.inForce(transaction, .everything).map(\.uid)) == [endless.uid, good.uid])
        }
    }

    @Test func `one whose change is enforced ends once every gateway that reports enforces the revision`() throws {
        let connection = try Fixtures.connection()
        let override = sample(from: try clock(connection))
        let change = SecureRandom.uuid()
        func close() throws -> Int { try connection.transaction { try Overrides.closeCommitted($0) } }
        func run(_ sql: String) throws { try connection.transaction { _ = try $0.query(sql) } }
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "default", repository: "r", folder: "")
            try Overrides.open(transaction, override, actor: "ada")
            try ask(change, transaction)
            let before = try Overrides.pulse(transaction).sequence
            #expect(try !Overrides.note(change: change, of: override.uid, transaction, .organization("globex"), actor: "eve"))
            #expect(try Overrides.note(change: change, of: override.uid, transaction, .organization("acme"), actor: "acme/ada"))
            #expect(try Overrides.pulse(transaction).sequence > before, "gateways are told")
        }
        #expect(try inForce(connection).first?.change == change)
        #expect(try close() == 0, "nobody has carried it out")
        try run("UPDATE charter.change_request SET state = 'committed', commit = 'abc', decided_at = now()")
        #expect(try close() == 0, "it is not applied")
        try run("UPDATE charter.change_request SET state = 'enforced', revision = 2")
        func report(_ revision: Int64) throws {
            try connection.transaction { transaction in
                try Replicas.report(
                    transaction,
                    Replica(id: "gateway", epoch: 1, revision: revision, stateDigest: String(repeating: "a", count: 64), version: "1", startedAt: Instant(milliseconds: 0)))
            }
        }
        try report(1)
        #expect(try close() == 0, "a gateway enforces the revision before")
        try report(2)
        #expect(try close() == 1)
        #expect(try close() == 0 && inForce(connection).isEmpty)
        let acts = try connection.transaction { try Audit.list($0, .organization("acme"), limit: 9) }
        #expect(acts.map(\.action) == ["override.ended", "override.commit_asked", "override.set"])
        #expect(acts.first?.actor == "acme/ada" && acts.first?.detail.contains(change) == true)
    }

    @Test func `a gateway that was not heard of for long keeps no override from ending`() throws {
        let connection = try Fixtures.connection()
        let override = sample(from: try clock(connection))
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "default", repository: "r", folder: "")
            try openAsked(override, transaction)
            try transaction.query("UPDATE charter.change_request SET state = 'enforced', commit = 'abc', revision = 2, decided_at = now()")
            try Replicas.report(
                transaction, Replica(id: "gone", epoch: 1, revision: 1, stateDigest: String(repeating: "a", count: 64), version: "1", startedAt: Instant(milliseconds: 0)))
            try transaction.query("UPDATE charter.gateway SET reported_at = now() - interval '1 hour'")
            #expect(try Overrides.closeCommitted(transaction) == 1)
        }
    }

    @Test func `one that cannot be read keeps no other that was committed from its end`() throws {
        let connection = try Fixtures.connection()
        let now = try clock(connection)
        let (strange, good) = (sample(from: now), sample(from: now))
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "default", repository: "r", folder: "")
            for override in [strange, good] {
                try openAsked(override, transaction)
            }
            try transaction.query("UPDATE charter.change_request SET state = 'enforced', commit = 'abc', revision = 2, decided_at = now()")
            try transaction.query("UPDATE charter.override SET kind = 'Invention' WHERE uid::text = $1", [.text(strange.uid)])
            #expect(try Overrides.closeCommitted(transaction) == 1)
            #expect(try Overrides.rowsInForce(transaction, .everything).unreadable.map(\.uid) == [strange.uid])
            #expect(try Overrides.inForce(transaction, .everything).isEmpty)
        }
    }
}
