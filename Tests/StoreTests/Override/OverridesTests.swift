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
        let before = try connection.transaction { try Overrides.sequence($0) }
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
        let began = try first.transaction { try Overrides.sequence($0) }
        try first.transaction { transaction in
            _ = try Overrides.open(transaction, one, actor: "ada")
            // Who reads meanwhile sees neither the override nor the number, and who writes waits.
            let seen = try second.transaction { try Overrides.sequence($0) }
            #expect(seen == began)
            let refused = Result { try second.transaction(timeout: .milliseconds(200), retry: .once) { try Overrides.open($0, other, actor: "bob") } }
            if case .success = refused { Issue.record("two changed overrides at once") }
        }
        try second.transaction { try Overrides.open($0, other, actor: "bob") }
        #expect(try first.transaction { try Overrides.sequence($0) } > began + 1)
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
}
