import Spec
import Testing

@testable import Store

/// What scans keep, on a real table.
@Suite struct DriftFindingsTests {
    private static let uid = "00000000-0000-4000-8000-000000000001"
    let connection: Connection

    init() throws {
        connection = try Fixtures.connection()
        try connection.transaction { transaction in
            try DriftBlame.begin(transaction)
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
        }
    }

    private func finding(_ found: String, field: String = "/spec/hard") -> DriftFinding {
        DriftFinding(
            unit: "main", uid: Self.uid, resource: "acme/Budget/team", aspect: .changed, pointer: field, label: "spec.hard",
            wanted: #""100 USD""#, found: found, place: Place(path: "orgs/acme/team.yaml", position: Position(line: 6, column: 9)), revision: 1)
    }

    @discardableResult
    private func scan(_ seen: [DriftFinding], outcome: DriftFinding.State = .gone) throws -> DriftFindings.News {
        try connection.transaction { transaction in
            try DriftFindings.record(transaction, unit: "main", seen: seen) { _ in outcome }
        }
    }

    private var all: [DriftFinding] {
        get throws { try connection.transaction { try DriftFindings.list($0, .everything, limit: 100) } }
    }

    private func run(_ script: String) throws {
        try connection.transaction { transaction in try transaction.run(script: script) }
    }

    private func versions() throws -> [String] {
        let rows = try connection.transaction { try $0.query("SELECT xmin::text || ' ' || last_seen FROM charter.drift_finding ORDER BY id") }
        return try rows.map { try $0.text(0) }
    }

    private func tolerate(until: Instant, _ selection: DriftFindings.Selection = .init(resource: "acme/Budget/team")) throws -> [DriftFinding] {
        try connection.transaction { transaction in
            try DriftFindings.tolerate(
                transaction, .organization("acme"), selection, .init(until: until, actor: "mira", reason: "an emergency"))
        }
    }

    private let later = Instant(milliseconds: 4_000_000_000_000)

    @Test func `a finding is kept with everything it was seen with, and seeing it again writes nothing for a minute`() throws {
        let news = try scan([finding(#""900 USD""#)])
        #expect(news.opened.count == 1 && news.closed.isEmpty)
        let kept = try #require(try all.first)
        #expect(kept.place == Place(path: "orgs/acme/team.yaml", position: Position(line: 6, column: 9)))
        #expect(kept.wanted == #""100 USD""# && kept.found == #""900 USD""# && kept.org == "acme")
        #expect(kept.state == .open && kept.firstSeen != nil && kept.firstSeen == kept.lastSeen && kept.write == nil)
        let before = try versions()
        #expect(try scan([finding(#""900 USD""#)]).opened.isEmpty)
        #expect(try versions() == before)
        try run("UPDATE charter.drift_finding SET last_seen = last_seen - interval '2 minutes'")
        let old = try versions()
        try scan([finding(#""900 USD""#)])
        #expect(try versions() != old)
        #expect(try all.count == 1)
    }

    @Test(arguments: [DriftFinding.State.adopted, .reverted, .gone])
    func `what is not seen any more is closed with what became of it, and opens anew as another`(state: DriftFinding.State) throws {
        try scan([finding("1")])
        let closed = try scan([], outcome: state).closed
        #expect(closed.map(\.state) == [state])
        #expect(try all.map(\.state) == [state])
        #expect(try all.first?.settledAt != nil)
        #expect(try scan([finding("1")]).opened.count == 1)
        #expect(try all.map(\.state) == [.open, state])
    }

    @Test func `a finding is blamed on the hand that left the row so, and on nobody where the last hand was not noted`() throws {
        try connection.transaction { transaction in
            _ = try Revisions.next(transaction)
            var row = Fixtures.resource("team")
            row.uid = Self.uid
            try Resources.upsert(transaction, [row])
        }
        try run("UPDATE charter.resource SET canonical = '1'")
        try run("UPDATE charter.resource SET canonical = '2'")
        try scan([finding("2")])
        let write = try #require(try all.first?.write)
        #expect(write.statement == "UPDATE charter.resource SET canonical = ?" && write.uid == Self.uid)
        #expect(write.id == 2, "the newest one")
        try run("UPDATE charter.resource SET canonical = '3'")
        try scan([finding("3")])
        #expect(try all.first?.write?.id == 3)
        try run("ALTER TABLE charter.resource DISABLE TRIGGER USER; UPDATE charter.resource SET canonical = '4'; ALTER TABLE charter.resource ENABLE TRIGGER USER")
        try scan([finding("4")])
        #expect(try all.first?.write == nil)
    }

    @Test func `a write that was blamed for what is over is not blamed again`() throws {
        try run("TRUNCATE charter.resource")
        try scan([finding("1")])
        #expect(try all.first?.write?.operation == "TRUNCATE")
        try scan([], outcome: .reverted)
        try scan([finding("1")])
        #expect(try all.first?.write == nil)
    }

    @Test func `a statement over too many rows to tell apart is blamed where one hand made all of them, and nobody where two did`() throws {
        func note(_ role: String) throws {
            try run(
                """
                INSERT INTO charter.drift_write (txid, relation, operation, rows, session_role, acting_role, application, statement)
                VALUES (1, 'resource', 'UPDATE', 20000, '\(role)', '\(role)', 'psql', 'UPDATE charter.resource')
                """)
        }
        try note("ops")
        try note("ops")
        try scan([finding("1")])
        #expect(try all.first?.write?.sessionRole == "ops")
        try note("dba")
        try scan([finding("2")])
        #expect(try all.first?.write == nil)
    }

    @Test func `what the row's own note says counts more than a later statement over too many rows`() throws {
        try connection.transaction { transaction in
            _ = try Revisions.next(transaction)
            var row = Fixtures.resource("team")
            row.uid = Self.uid
            try Resources.upsert(transaction, [row])
        }
        try run("UPDATE charter.resource SET canonical = '1'")
        try run(
            """
            INSERT INTO charter.drift_write (txid, relation, operation, rows, session_role, acting_role, application, statement)
            VALUES (1, 'resource', 'UPDATE', 20000, 'dba', 'dba', 'psql', 'UPDATE charter.resource')
            """)
        try scan([finding("1")])
        #expect(try all.first?.write?.uid == Self.uid)
    }

    @Test func `no number of others ends what people said of a finding`() throws {
        let last = DriftFinding(
            unit: "main", uid: "ffffffff-0000-4000-8000-000000000001", resource: "zeta/Budget/team", aspect: .missing, revision: 1)
        try scan([last])
        _ = try connection.transaction { transaction in
            try DriftFindings.tolerate(
                transaction, .everything, .init(resource: "zeta/Budget/team"), .init(until: later, actor: "mira", reason: "an emergency"))
        }
        let many = (0..<DriftFindings.presentMax).map { finding("1", field: "/spec/\($0)") }
        let news = try scan(many + [last])
        #expect(news.closed.isEmpty && news.present.count == DriftFindings.presentMax)
        #expect(news.tolerated == [last.subject])
    }

    @Test func `a change that is to declare it stays with a finding as long as it says the same, and ends with a person's revert`() throws {
        try scan([finding("1")])
        let change = try connection.transaction { transaction in
            let draft = ChangeDraft(
                org: "acme", unit: "main", title: "Adopt", patch: ChangePatch([]), caller: "acme/ada", purpose: "", idempotencyKey: nil)
            let request = try draft.ask(transaction).request
            try DriftFindings.note(transaction, DriftFindings.present(transaction).map(\.id), adoption: request.uid)
            return request.uid
        }
        let adoptions = try scan([finding("1")]).present.map(\.adoption)
        #expect(adoptions.map { $0?.change } == [change] && adoptions.map { $0?.state } == [.pending])
        try connection.transaction { transaction in
            _ = try ChangeRequests.refuse(transaction, uid: change, reason: "no", place: nil, by: "test")
        }
        let refused = try #require(try all.first)
        #expect(!refused.isBeingAdopted && refused.adoption?.reason == "no")
        #expect(try scan([finding("2")]).present.map(\.adoption) == [nil])
        try connection.transaction { transaction in
            try DriftFindings.note(transaction, DriftFindings.present(transaction).map(\.id), adoption: change)
            _ = try DriftFindings.askRevert(transaction, .everything, .init(resource: nil), actor: "mira")
        }
        #expect(try all.map(\.adoption) == [nil])
    }

    @Test func `what is tolerated is so until its time, and until something else is found`() throws {
        try scan([finding("1"), finding("1", field: "/spec/soft")])
        #expect(try tolerate(until: later, .init(resource: "acme/Budget/team", pointer: "/spec/hard")).map(\.pointer) == ["/spec/hard"])
        let news = try scan([finding("1"), finding("1", field: "/spec/soft")])
        #expect(news.tolerated == [.init(uid: Self.uid, pointer: "/spec/hard")])
        #expect(news.present.first { $0.state == .tolerated }?.toleration == .init(until: later, actor: "mira", reason: "an emergency"))
        try run("UPDATE charter.drift_finding SET tolerated_until = now() - interval '1 second' WHERE state = 'tolerated'")
        #expect(try scan([finding("1"), finding("1", field: "/spec/soft")]).tolerated.isEmpty)
        #expect(try tolerate(until: later).count == 2)
        #expect(try scan([finding("2"), finding("1", field: "/spec/soft")]).tolerated == [.init(uid: Self.uid, pointer: "/spec/soft")])
    }

    @Test func `a time that is over, another organization and another resource change nothing`() throws {
        try scan([finding("1")])
        #expect(try tolerate(until: Instant(milliseconds: 1_000)).isEmpty)
        #expect(try tolerate(until: later, .init(resource: "acme/Budget/other")).isEmpty)
        let foreign = try connection.transaction { transaction in
            try DriftFindings.askRevert(transaction, .organization("globex"), .init(resource: nil), actor: "eve")
        }
        #expect(foreign.asked.isEmpty && foreign.left.isEmpty && foreign.next == nil)
        #expect(try all.map(\.state) == [.open])
        #expect(try connection.transaction { try DriftFindings.list($0, .organization("globex"), limit: 10) }.isEmpty)
    }

    @Test func `a field put right six times within ten minutes is contested until a person asks, or it stays away for an hour`() throws {
        for round in 1...6 {
            let opened = try scan([finding("1")]).opened
            #expect(opened.first?.contestedSince == nil, "round \(round)")
            try scan([], outcome: .reverted)
        }
        #expect(try scan([finding("1")]).opened.first?.contestedSince != nil)
        try scan([], outcome: .gone)
        #expect(try scan([finding("1")]).opened.first?.contestedSince != nil, "it came back within the hour")
        #expect(try connection.transaction { try DriftFindings.tallies($0) }["main"]?.contested == 1)
        let asked = try connection.transaction { transaction in
            try DriftFindings.askRevert(transaction, .everything, .init(resource: "acme/Budget/team"), actor: "mira")
        }
        #expect(asked.asked.map(\.revertAskedBy) == ["mira"] && asked.asked.first?.contestedSince == nil)
        #expect(try connection.transaction { try DriftFindings.revertsAsked($0, unit: "main") } != 0)
        try scan([], outcome: .reverted)
        #expect(try scan([finding("1")]).opened.first?.contestedSince == nil)
    }

    @Test func `after an hour of peace nothing is contested any more`() throws {
        for _ in 1...7 {
            try scan([finding("1")])
            try scan([], outcome: .reverted)
        }
        try run("UPDATE charter.drift_finding SET settled_at = settled_at - interval '61 minutes'")
        #expect(try scan([finding("1")]).opened.first?.contestedSince == nil)
    }

    @Test func `a value as long as a book is cut, and what was settled goes after 90 days`() throws {
        try scan([finding(String(repeating: "x", count: 100_000))])
        #expect(try all.first?.found?.hasPrefix(String(repeating: "x", count: 4_000) + "… (SHA-256 ") == true)
        #expect(try all.first?.found.map { $0.utf8.count < 4_200 } == true)
        #expect(try scan([finding(String(repeating: "x", count: 100_000))]).opened.isEmpty)
        try scan([])
        try run("UPDATE charter.drift_finding SET settled_at = settled_at - interval '91 days'")
        try scan([])
        #expect(try all.isEmpty)
    }

    @Test(arguments: ["x", "é", "e\u{301}\u{301}\u{301}"])
    func `a long value that is seen again writes nothing, and one that differs at its end is another one`(letter: String) throws {
        let long = String(repeating: letter, count: 3_900) + String(repeating: "y", count: 3_000)
        try scan([finding(long + "1")])
        _ = try tolerate(until: later)
        let before = try versions()
        let news = try scan([finding(long + "1")])
        #expect(try versions() == before && news.present.map(\.state) == [.tolerated])
        #expect(try scan([finding(long + "2")]).present.map(\.state) == [.open], "what was tolerated was another value")
    }

    @Test func `an organization learns neither branch nor reason of a change that is also another's`() throws {
        let cases: [(org: String, seen: [String?])] = [("acme", ["charter/x", "of globex"]), ("", [nil, nil])]
        for (org, seen) in cases {
            try scan([finding("1")])
            try run(
                """
                UPDATE charter.drift_finding SET adoption = '00000000-0000-4000-8000-00000000000c';
                DELETE FROM charter.change_request;
                INSERT INTO charter.change_request (uid, org, unit, state, patch, caller, idempotency_key, base_revision, title, purpose, branch, reason,
                    decided_at)
                VALUES ('00000000-0000-4000-8000-00000000000c', '\(org)', 'main', 'refused', '{}', 'acme/ada', 'k', 0, 't', '', 'charter/x', 'of globex', now())
                """)
            try connection.transaction { transaction in
                let own = Tenancy.organization("acme")
                let shown = [
                    try DriftFindings.page(transaction, own, states: [], before: nil, limit: 9),
                    try DriftFindings.present(transaction, own, limit: 9), try DriftFindings.list(transaction, own, limit: 9),
                    try DriftFindings.tolerate(
                        transaction, own, .init(resource: nil), .init(until: later, actor: "mira", reason: "an emergency")),
                ]
                for adoption in shown.map({ $0.first?.adoption }) {
                    #expect([adoption?.branch, adoption?.reason] == seen && adoption?.state == .refused, "of \(org)")
                }
                #expect(try DriftFindings.present(transaction).first?.adoption?.reason == "of globex")
            }
        }
    }

    @Test func `pages hold each finding once, by state and tenancy`() throws {
        try scan((0..<5).map { finding("1", field: "/spec/\($0)") })
        try scan((0..<3).map { finding("1", field: "/spec/\($0)") }, outcome: .reverted)
        _ = try tolerate(until: later, .init(resource: "acme/Budget/team", pointer: "/spec/0"))
        func read(_ tenancy: Tenancy, _ states: [DriftFinding.State]) throws -> [String] {
            var (found, before): ([DriftFinding], Int64?) = ([], nil)
            while true {
                let page = try connection.transaction { try DriftFindings.page($0, tenancy, states: states, before: before, limit: 2) }
                found += page
                guard let last = page.last else { return found.map(\.pointer).sorted() }
                before = last.id
            }
        }
        #expect(try read(.organization("acme"), []) == (0..<5).map { "/spec/\($0)" })
        #expect(try read(.everything, [.reverted]) == ["/spec/3", "/spec/4"])
        #expect(try read(.everything, [.tolerated]) == ["/spec/0"])
        #expect(try read(.organization("globex"), []) == [] && read(.platform, []) == [])
        let present = try connection.transaction { try DriftFindings.present($0, .organization("acme"), limit: 2) }
        #expect(present.map(\.pointer) == ["/spec/0", "/spec/1"])
    }
}

/// From step 34 to 35 with a scan that found something.
@Suite struct DriftFindingsMigrationTests {
    @Test func `what the last scan found stays, and its findings are kept from the next one on`() throws {
        let connection = try Fixtures.connection(before: .driftFindings)
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            try transaction.query(
                "INSERT INTO charter.drift_scan (unit, revision, resources, fields, first) VALUES ('main', 1, 1, 1, '[]')")
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.driftFindings.version)
        #expect(try connection.transaction { try DriftScans.list($0) }.first?.resources == 1)
        #expect(try connection.transaction { try DriftFindings.present($0) }.isEmpty)
    }
}

/// From step 39 to 40 with a finding that is kept.
@Suite struct DriftAdoptionsMigrationTests {
    @Test func `what was found stays, and waits for no change`() throws {
        let connection = try Fixtures.connection(before: .driftAdoptions)
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            try transaction.run(
                script: """
                    INSERT INTO charter.drift_finding (unit, uid, field, resource, org, aspect, label, direction, revision, revert_asked_by)
                    VALUES ('main', '00000000-0000-4000-8000-000000000001', '', 'acme/Budget/team', 'acme', 'missing', '', 'drift', 1, 'mira')
                    """)
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.driftAdoptions.version)
        let findings = try connection.transaction { try DriftFindings.present($0) }
        #expect(findings.map(\.adoption) == [nil])
        #expect(try connection.transaction { try DriftFindings.revertsAsked($0, unit: "main") } != 0)
    }
}
