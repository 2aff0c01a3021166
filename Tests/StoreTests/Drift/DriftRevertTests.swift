import Spec
import Testing

@testable import Store

/// What becomes of changes that were to declare what is put right, or is not found any more.
@Suite struct DriftRevertTests {
    let connection: Connection

    init() throws {
        connection = try Fixtures.connection()
        try connection.transaction { try Units.ensure($0, name: "main", repository: "/r", folder: "") }
    }

    private func finding(_ found: String, field: String = "/spec/hard", org: String = "acme", _ aspect: DriftFinding.Aspect = .changed) -> DriftFinding {
        let uid = "00000000-0000-4000-8000-00000000000\(org == "acme" ? 1 : 2)"
        return DriftFinding(
            unit: "main", uid: uid, resource: "\(org)/Budget/team", aspect: aspect, pointer: field, label: "spec.hard", wanted: "0", found: found,
            revision: 1)
    }

    @discardableResult
    private func scan(_ seen: [DriftFinding], outcome: DriftFinding.State = .gone) throws -> DriftFindings.News {
        try connection.transaction { try DriftFindings.record($0, unit: "main", seen: seen) { _ in outcome } }
    }

    private func present() throws -> [DriftFinding] { try connection.transaction { try DriftFindings.present($0) } }

    /// Has all that is found wait for a change; answers its id.
    private func adopt(_ pointer: String? = nil, org: String? = "acme", key: String? = nil) throws -> String {
        try connection.transaction { transaction in
            let draft = ChangeDraft(
                org: org, unit: "main", title: "Adopt", patch: ChangePatch([]), caller: "acme/ada", purpose: "", idempotencyKey: key)
            let request = try draft.ask(transaction).request
            let ids = try DriftFindings.present(transaction).filter { pointer == nil || $0.pointer == pointer }.map(\.id)
            try DriftFindings.note(transaction, ids, adoption: request.uid)
            return request.uid
        }
    }

    private func revert(_ pointer: String? = nil, _ tenancy: Tenancy = .everything) throws -> DriftFindings.RevertPage {
        try connection.transaction { transaction in
            try DriftFindings.askRevert(transaction, tenancy, .init(resource: pointer == nil ? nil : "acme/Budget/team", pointer: pointer), actor: "mira")
        }
    }

    private func change(_ uid: String) throws -> ChangeRequest {
        try #require(try connection.transaction { try ChangeRequests.one($0, .everything, uid: uid) })
    }

    @Test(arguments: [false, true]) func `who wants it put right takes back what was to declare it, and all else that declares is open again`(isProposed: Bool) throws {
        try scan([finding("1"), finding("1", field: "/spec/soft")])
        let uid = try adopt()
        if isProposed {
            _ = try connection.transaction {
                try ChangeRequests.propose($0, uid: uid, commit: String(repeating: "1", count: 40), branch: "charter/\(uid)", by: "test")
            }
        }
        let page = try revert("/spec/hard")
        #expect(page.asked.map(\.pointer) == ["/spec/hard"] && page.withdrawn == [uid] && page.left.isEmpty)
        let ended = try change(uid)
        #expect(ended.state == .withdrawn && ended.decidedBy == "mira" && ended.reason == "drift that it declares is to be put right")
        #expect(ended.branch == (isProposed ? "charter/\(uid)" : nil), "the reconciler takes it away")
        #expect(try present().map(\.adoption) == [nil, nil])
        #expect(try present().map(\.revertAskedBy) == ["mira", nil])
        #expect(try connection.transaction { try Audit.list($0, .everything, limit: 1) }.map(\.action) == ["change.withdrawn"])
    }

    @Test func `what is being committed, and what others' change declares too, stays as it is`() throws {
        try scan([finding("1"), finding("1", org: "globex")])
        let shared = try adopt(org: nil)
        let foreign = try revert("/spec/hard", .organization("acme"))
        #expect(foreign.asked.isEmpty && foreign.left.count == 1 && foreign.withdrawn.isEmpty)
        _ = try connection.transaction { try ChangeRequests.begin($0, uid: shared) }
        let begun = try revert()
        #expect(begun.asked.isEmpty && begun.left.count == 2 && begun.next == nil)
        #expect(try change(shared).state == .pending && present().allSatisfy { $0.isBeingAdopted && $0.revertAskedBy == nil })
    }

    @Test func `pages of findings are each asked for once`() throws {
        try scan((0..<5).map { finding("1", field: "/spec/\($0)") })
        var (names, next): ([String], Int64?) = ([], 0)
        while let last = next {
            let page = try connection.transaction {
                try DriftFindings.askRevert($0, .everything, .init(resource: nil), actor: "mira", after: last, limit: 2)
            }
            #expect(page.asked.count <= 2)
            names += page.asked.map(\.pointer)
            next = page.next
        }
        #expect(names.sorted() == (0..<5).map { "/spec/\($0)" })
    }

    @Test func `of what Charter asked for by itself the proposal of a value that is gone is taken back, and no person's`() throws {
        for key in ["drift-1-x", "mine"] {
            try scan([finding("1")])
            let uid = try adopt(key: key)
            let news = try scan([finding("2")])
            #expect(news.superseded == [uid])
            try connection.transaction { try DriftAdoptions.withdraw($0, news.superseded, askedBy: "acme/ada", by: "charter") }
            #expect(try change(uid).state == (key == "mine" ? .pending : .withdrawn))
            #expect(try scan([finding("2")]).superseded.isEmpty)
            let last = try adopt(key: key)
            #expect((last == uid) == (key == "mine"), "the same value is asked for anew")
            #expect(try scan([]).superseded == [last], "a hand put it back")
        }
    }

    @Test func `a row that no commit declares is another one once its text is, and what was said of it is over`() throws {
        var row = finding("", field: "", .unexpected)
        (row.found, row.wanted, row.row) = (nil, nil, "aa")
        try scan([row])
        let uid = try adopt()
        #expect(try scan([row]).superseded.isEmpty)
        row.row = "bb"
        #expect(try scan([row]).superseded == [uid])
        #expect(try present().map(\.row) == ["bb"] && present().map(\.adoption) == [nil])
    }

    @Test(arguments: [true, false]) func `who writes again what was asked to be declared is left alone after the sixth time, with one finding`(isKept: Bool) throws {
        for round in 1...6 {
            #expect(try scan([finding("\(round)")]).contested.isEmpty, "round \(round)")
            _ = try adopt(key: "drift-\(round)")
            if !isKept { try scan([]) }
        }
        let news = try scan([finding("7")])
        #expect(news.contested.map(\.found) == ["7"] && news.present.map { $0.contestedSince != nil } == [true])
        let again = try scan([finding("8")])
        #expect(again.contested.isEmpty && again.opened.isEmpty && again.present.count == 1 && again.present[0].contestedSince != nil)
        _ = try revert()
        #expect(try scan([finding("9")]).contested.isEmpty && present().map(\.contestedSince) == [nil])
    }

    @Test func `what was declared again and again within ten minutes is contested, too`() throws {
        for _ in 1...6 {
            try scan([finding("1")])
            try scan([], outcome: .adopted)
        }
        #expect(try scan([finding("1")]).contested.count == 1)
    }

    @Test func `the end of a toleration is news`() throws {
        try scan([finding("1")])
        _ = try connection.transaction {
            try DriftFindings.tolerate(
                $0, .everything, .init(resource: nil), .init(until: Instant(milliseconds: 4_000_000_000_000), actor: "mira", reason: "night"))
        }
        #expect(try scan([finding("1")]).reopened.isEmpty)
        try connection.transaction {
            try $0.run(script: "UPDATE charter.drift_finding SET tolerated_until = now() - interval '1 second'")
        }
        #expect(try scan([finding("1")]).reopened.count == 1)
        #expect(try scan([finding("1")]).reopened.isEmpty)
    }
}

/// From step 44 to 45 with a finding that is kept.
@Suite struct DriftActsMigrationTests {
    @Test func `what was found stays, counts no change that was asked for, and is told again by its row at the next scan`() throws {
        let connection = try Fixtures.connection(before: .driftActs)
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            try transaction.run(
                script: """
                    INSERT INTO charter.drift_finding (unit, uid, field, resource, org, aspect, label, direction, revision, state, tolerated_until,
                        tolerated_by, tolerated_reason)
                    VALUES ('main', '00000000-0000-4000-8000-000000000001', '', 'acme/Budget/team', 'acme', 'unexpected', '', 'drift', 1,
                        'tolerated', now() + interval '1 day', 'mira', 'the night')
                    """)
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.driftActs.version)
        #expect(try connection.transaction { try DriftFindings.present($0) }.map(\.row) == [nil])
        var seen = DriftFinding(
            unit: "main", uid: "00000000-0000-4000-8000-000000000001", resource: "acme/Budget/team", aspect: .unexpected, revision: 1)
        seen.row = "aa"
        let news = try connection.transaction { try DriftFindings.record($0, unit: "main", seen: [seen]) { _ in .gone } }
        #expect(news.present.map(\.row) == ["aa"] && news.present.map(\.state) == [.tolerated], "it is the same row as far as known")
    }
}
