import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// What a reconciler keeps of drift, and what it puts right.
struct KeptDriftTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
        try Connection(scene.database).transaction { try DriftBlame.begin($0) }
    }

    /// Scans as `watch` does; answers what is new.
    @discardableResult
    private func scan(_ session: ReconcileSession? = nil) throws -> DriftFindings.News {
        let session = try session ?? scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(60)))
        defer { session.release(token) }
        return try session.record(session.drift(), token)
    }

    private func correct(_ rules: (inout Repository) -> Void) throws -> Correction? {
        var repository = Repository.standard
        rules(&repository)
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(60)))
        defer { session.release(token) }
        let news = try session.record(session.drift(), token)
        let correction = try session.correct(token: token, DriftCorrection(rules: repository, news.present))
        try session.record(session.drift(), token)
        return correction
    }

    private func findings() throws -> [DriftFinding] {
        try Connection(scene.database).transaction { try DriftFindings.list($0, .everything, limit: 100) }
    }

    private func raise(_ amount: Int = 900) throws {
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '\(amount) USD') WHERE name = 'team'")
    }

    @Test func `a hand's edit is kept with values, place, time and who it was, and an apply closes it as reverted`() throws {
        try raise()
        let opened = try scan().opened
        let finding = try #require(opened.first)
        #expect(opened.count == 1 && finding.resource == "acme/Budget/team" && finding.label == "spec.hard")
        #expect(finding.wanted == #""100 USD/month""# && finding.found == #""900 USD/month""#)
        #expect(finding.place?.description == "orgs/acme/budgets/team.yaml:6:9" && finding.firstSeen != nil)
        #expect(finding.write?.statement == "UPDATE charter.resource SET canonical = replace(canonical, ?, ?) WHERE name = ?")
        try scene.apply()
        #expect(try findings().map(\.state) == [.reverted])
    }

    @Test func `what a hand undid is gone, and what Git took over is adopted`() throws {
        try raise()
        try scan()
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '900 USD', '100 USD') WHERE name = 'team'")
        try scan()
        #expect(try findings().map(\.state) == [.gone])
        try raise()
        try scan()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "900 USD/month")])
        try scene.apply()
        #expect(try findings().map(\.state) == [.adopted, .gone])
    }

    @Test func `a field that a waiting commit wants otherwise is a conflict`() throws {
        try raise()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "400 USD/month")])
        let session = try scene.session()
        let (repository, commit) = try session.tip()
        _ = try session.read(commit, in: repository)
        #expect(try scan(session).opened.map(\.direction) == [.conflict])
    }

    @Test func `only kinds in mode revert are put right, and the rest stays as it is`() throws {
        try raise()
        try scene.sql("DELETE FROM charter.resource WHERE name = 'ada'")
        #expect(try correct { _ in } == nil)
        #expect(try correct { $0.driftFor = [.init(kind: .budget, value: .correct)] }?.count == 1)
        #expect(try scene.drift().drift.map(\.resource) == ["acme/Member/ada"])
        #expect(try correct { $0.drift = .correct; $0.driftFor = [.init(kind: .member, value: .report)] } == nil)
        #expect(try correct { $0.drift = .correct }?.count == 1)
        #expect(try scene.drift().drift.isEmpty)
        #expect(try scene.sql("SELECT charter.state_digest()") == scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"))
    }

    @Test func `a row that a hand gave another kind is judged by the one it was applied as`() throws {
        try scene.sql("UPDATE charter.resource SET kind = 'Member' WHERE name = 'team'")
        let before = try scene.sql("SELECT kind || '/' || name FROM charter.resource ORDER BY 1")
        #expect(try correct { $0.driftFor = [.init(kind: .member, value: .correct)] } == nil)
        #expect(try scene.sql("SELECT kind || '/' || name FROM charter.resource ORDER BY 1") == before)
    }

    @Test func `what is tolerated is neither put right by itself nor counted, and a person's word puts it right`() throws {
        try raise()
        try scan()
        let connection = try Connection(scene.database)
        try connection.transaction { transaction in
            _ = try DriftFindings.tolerate(
                transaction, .everything, .init(resource: "acme/Budget/team"),
                .init(until: Instant(milliseconds: 4_000_000_000_000), actor: "mira", reason: "the night"))
        }
        #expect(try correct { $0.drift = .correct } == nil)
        #expect(try connection.transaction { try DriftScans.list($0) }.map(\.resources) == [0])
        try connection.transaction { transaction in
            _ = try DriftFindings.askRevert(transaction, .everything, .init(resource: "acme/Budget/team"), actor: "mira")
        }
        #expect(try correct { _ in }?.count == 1, "whatever the mode")
        #expect(try findings().map(\.state) == [.reverted])
    }

    @Test func `of a row with a tolerated field the others are put right, once, and nobody takes it for applied`() throws {
        try scene.sql(
            #"UPDATE charter.resource SET canonical = replace(canonical, '"hard":"100 USD/month"', '"hard":"900 USD/month","zone":"Europe/Berlin"') WHERE name = 'team'"#)
        try scan()
        try Connection(scene.database).transaction { transaction in
            _ = try DriftFindings.tolerate(
                transaction, .everything, .init(resource: "acme/Budget/team", pointer: "/spec/zone"),
                .init(until: Instant(milliseconds: 4_000_000_000_000), actor: "mira", reason: "the night"))
        }
        #expect(try correct { $0.drift = .correct }?.count == 1)
        let row = try scene.sql("SELECT canonical FROM charter.resource WHERE name = 'team'")[0]
        #expect(row.contains("100 USD/month") && row.contains("Europe/Berlin"))
        #expect(try scene.sql("SELECT digest = charter.row_digest(org, kind, name, canonical) FROM charter.resource WHERE name = 'team'") == ["f"])
        #expect(try findings().filter { $0.state.isPresent }.map { "\($0.label) \($0.state)" } == ["spec.zone tolerated"])
        #expect(try correct { $0.drift = .correct } == nil, "nothing is left to put right")
    }

    @Test func `a person who wants one field put right has the others of its row left as the mode leaves them`() throws {
        try scene.sql(
            #"UPDATE charter.resource SET canonical = replace(canonical, '"hard":"100 USD/month"', '"hard":"900 USD/month","zone":"Europe/Berlin"') WHERE name = 'team'"#)
        try scan()
        func ask(_ pointer: String?) throws {
            try Connection(scene.database).transaction { transaction in
                _ = try DriftFindings.askRevert(transaction, .everything, .init(resource: "acme/Budget/team", pointer: pointer), actor: "mira")
            }
        }
        try ask("/spec/hard")
        #expect(try correct { _ in }?.count == 1)
        let row = try scene.sql("SELECT canonical FROM charter.resource WHERE name = 'team'")[0]
        #expect(row.contains("100 USD/month") && row.contains("Europe/Berlin"))
        #expect(try findings().filter { $0.state.isPresent }.map { "\($0.label) \($0.state)" } == ["spec.zone open"])
        #expect(try correct { _ in } == nil, "nobody asked for the rest")
        try ask(nil)
        #expect(try correct { _ in }?.count == 1)
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `of two writers that undo each other Charter leaves off after the sixth time, says so, and goes on when told`() throws {
        for _ in 1...6 {
            try raise()
            #expect(try correct { $0.drift = .correct }?.count == 1)
        }
        try raise()
        #expect(try correct { $0.drift = .correct } == nil)
        let report = try StatusReport.read(Connection(scene.database))
        let drifted = try #require(report.conditions(of: report.units[0]).first { $0.name == .drifted })
        #expect(drifted.reason == .contested && drifted.status == .true)
        let told = try scene.sql("SELECT subjects FROM charter.event WHERE type = 'drift.contested'")
        #expect(told.count == 1 && told[0].contains("spec.hard"))
        #expect(drifted.message.contains("acme/Budget/team spec.hard") && drifted.message.contains(" by charter"), "\(drifted.message)")
        try Connection(scene.database).transaction { transaction in
            _ = try DriftFindings.askRevert(transaction, .everything, .init(resource: nil), actor: "mira")
        }
        #expect(try correct { $0.drift = .correct }?.count == 1)
        try raise()
        #expect(try correct { $0.drift = .correct }?.count == 1)
    }
}
