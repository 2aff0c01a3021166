import Store
import Testing
import TestKit

@Suite struct AuditTests {
    @discardableResult
    private func append(_ connection: Connection, _ subject: String, _ tenancy: Tenancy = .organization("acme")) throws -> AuditHead {
        try connection.transaction {
            try Audit.append($0, tenancy, actor: "ada", action: "override.write", subject: subject, detail: #"{"a":1}"#)
        }
    }

    private func tampered(_ sql: String) throws -> AuditVerdict {
        let connection = try Fixtures.connection()
        for subject in ["one", "two", "three", "four"] { try append(connection, subject) }
        try connection.transaction { transaction in
            try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
            try transaction.query(sql)
        }
        let verdict = try Audit.verify(connection)
        #expect(try connection.transaction { try Audit.verify($0) } == verdict)
        return verdict
    }

    @Test func `an act in somebody's name says the account of who runs the command as well`() throws {
        let connection = try Fixtures.connection()
        connection.account = "root@host \"1\""
        try connection.transaction { transaction in
            for (actor, detail) in [("ada", "{}"), ("ada", #"{"a":1}"#), ("ada", #"{"operator":"eve"}"#), ("root@host \"1\"", "{}"), ("ada", #"{"a":"\"operator\":"}"#)] {
                try Audit.append(transaction, .platform, actor: actor, action: "x", subject: "y", detail: detail)
            }
        }
        let details = try connection.transaction { try Audit.list($0, .everything, limit: 10) }.map(\.detail).reversed()
        #expect(Array(details) == [
            #"{"operator":"root@host \"1\""}"#, #"{"a":1,"operator":"root@host \"1\""}"#, #"{"operator":"eve"}"#, "{}",
            #"{"a":"\"operator\":","operator":"root@host \"1\""}"#,
        ])
        #expect(try Audit.verify(connection) == .intact(connection.transaction { try Audit.head($0) }))
    }

    @Test func `a chain that nobody touched is intact, and its head is what was returned`() throws {
        let connection = try Fixtures.connection()
        #expect(try Audit.verify(connection) == .intact(.empty))
        try append(connection, "one")
        let head = try append(connection, "two", .platform)
        #expect(head.sequence == 2 && AuditHead(head.description) == head)
        #expect(try Audit.verify(connection) == .intact(head))
        #expect(try connection.transaction { try Audit.head($0) } == head)
        let listed = try connection.transaction { try Audit.list($0, .organization("acme"), limit: 10) }
        #expect(listed.map(\.subject) == ["one"])
    }

    @Test(arguments: [
        ("UPDATE charter.audit SET detail = '{}' WHERE sequence = 2", AuditBreak(2, .changed)),
        ("UPDATE charter.audit SET actor = 'adao', action = 'verride.write' WHERE sequence = 3", AuditBreak(3, .changed)),
        ("UPDATE charter.audit SET at = at + interval '1 millisecond' WHERE sequence = 1", AuditBreak(1, .changed)),
        ("UPDATE charter.audit SET at = at + interval '1 microsecond' WHERE sequence = 1", AuditBreak(1, .changed)),
        ("UPDATE charter.audit SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1) WHERE sequence = 4", AuditBreak(4, .changed)),
        ("UPDATE charter.audit SET previous = set_byte(previous, 0, get_byte(previous, 0) # 1) WHERE sequence = 2", AuditBreak(2, .changed)),
        ("DELETE FROM charter.audit WHERE sequence = 2", AuditBreak(2, .missing(through: 2))),
        ("DELETE FROM charter.audit WHERE sequence < 4", AuditBreak(1, .missing(through: 3))),
        ("DELETE FROM charter.audit WHERE sequence = 4", AuditBreak(4, .missing(through: 4))),
        ("DELETE FROM charter.audit", AuditBreak(1, .missing(through: 4))),
        ("UPDATE charter.audit SET sequence = 9 WHERE sequence = 4", AuditBreak(4, .missing(through: 8))),
        ("UPDATE charter.audit_head SET sequence = 3, hash = (SELECT hash FROM charter.audit WHERE sequence = 3)", AuditBreak(4, .headDiffers)),
        ("UPDATE charter.audit_head SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1)", AuditBreak(4, .headDiffers)),
        ("DELETE FROM charter.audit_head", AuditBreak(4, .headDiffers)),
        (replaceSecond, AuditBreak(3, .outOfOrder)),
    ])
    func `finds which row somebody changed, removed, moved or replaced`(sql: String, broken: AuditBreak) throws {
        #expect(try tampered(sql) == .broken(broken))
    }

    /// A row that is sound by itself, in the place of another.
    private static let replaceSecond = """
        UPDATE charter.audit a SET detail = '{}', hash = sha256(a.previous || convert_to(string_agg, 'UTF8')) FROM (
            SELECT string_agg(octet_length(c) || ':' || c, '' ORDER BY n) FROM charter.audit b,
            LATERAL unnest(ARRAY[b.sequence::text, ((extract(epoch FROM b.at) * 1000)::bigint)::text, b.org, b.actor, b.action, b.subject, '{}'])
                WITH ORDINALITY AS u (c, n) WHERE b.sequence = 2) s
        WHERE a.sequence = 2
        """

    @Test func `a head that was logged proves that nothing was cut off or written anew`() throws {
        let connection = try Fixtures.connection()
        let heads = try ["one", "two", "three"].map { try append(connection, $0) }
        #expect(try Audit.verify(connection, known: [heads[1], heads[0], heads[2], heads[0]]) == .intact(heads[2]))
        var other = heads[1]
        other.hash = heads[0].hash
        #expect(try Audit.verify(connection, known: [other, heads[2]]) == .broken(AuditBreak(2, .rewritten)))
        // Who owns the tables can shorten the chain so that it is whole again, but not what a log elsewhere says of it.
        try connection.transaction { transaction in
            try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
            try transaction.query("DELETE FROM charter.audit WHERE sequence = 3")
            try transaction.query("UPDATE charter.audit_head SET (sequence, hash) = (SELECT sequence, hash FROM charter.audit WHERE sequence = 2)")
        }
        #expect(try Audit.verify(connection) == .intact(heads[1]))
        #expect(try Audit.verify(connection, known: heads) == .broken(AuditBreak(3, .cutOff)))
    }

    @Test(arguments: ["", "1", "0:" + String(repeating: "0", count: 64), "1:", "1:" + String(repeating: "g", count: 64), "x:" + String(repeating: "a", count: 64), "1:\(String(repeating: "a", count: 64)):"])
    func `what names no head is none`(text: String) {
        #expect(AuditHead(text) == nil)
    }

    @Test func `a chain of several pages is walked whole, read forwards and backwards, and apart for each tenant`() throws {
        let connection = try Fixtures.connection()
        let count = 4_100
        try connection.transaction(timeout: .seconds(300)) { transaction in
            for index in 1...count {
                try Audit.append(
                    transaction, index % 100 == 0 ? .platform : .organization("acme"), actor: "ada", action: "a", subject: "\(index)", detail: "{}")
            }
        }
        var seen: [Int] = []
        guard case .intact(let head) = try Audit.verify(connection, seen: { seen.append($0) }) else { throw Broken() }
        #expect(head.sequence == Int64(count) && seen.reduce(0, +) == count && seen.count > 1)
        try connection.transaction { transaction in
            let newest = try Audit.list(transaction, .everything, limit: 2)
            #expect(newest.map(\.sequence) == [4_100, 4_099])
            #expect(try Audit.list(transaction, .platform, before: 4_100, limit: 2).map(\.sequence) == [4_000, 3_900])
            #expect(try Audit.page(transaction, .platform, after: 100, limit: 2).map(\.sequence) == [200, 300])
            #expect(try Audit.page(transaction, .organization("globex"), after: 0, limit: 2).isEmpty)
        }
        try connection.transaction { transaction in
            try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
            try transaction.query("UPDATE charter.audit SET subject = 'x' WHERE sequence = 4001")
        }
        #expect(try Audit.verify(connection) == .broken(AuditBreak(4_001, .changed)))
    }

    private struct Broken: Error {}

    @Test(arguments: [
        "UPDATE charter.audit SET actor = 'eve'", "DELETE FROM charter.audit", "TRUNCATE charter.audit",
    ])
    func `PostgreSQL itself refuses to change a row`(sql: String) throws {
        let connection = try Fixtures.connection()
        try append(connection, "one")
        #expect(throws: DatabaseError.self) { try connection.transaction { try $0.query(sql) } }
    }

    @Test func `writers at the same time make one chain`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        try inParallel(4) { writer in
            let connection = try Connection(url)
            for index in 0..<10 { try append(connection, "\(writer)-\(index)") }
        }
        guard case .intact(let head) = try Audit.verify(Connection(url)) else { throw Broken() }
        #expect(head.sequence == 40)
    }

    @Test func `a long transaction during which others append ends at its second run, for which they wait`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let (long, other) = (try Connection(url), try Connection(url))
        var runs = 0
        try Audit.transaction(long, timeout: .seconds(60)) { transaction in
            runs += 1
            try transaction.query("SELECT FROM charter.unit")
            if runs == 1 { try append(other, "meanwhile") }
            if runs == 2 {
                // Whoever appends now waits; that it does is known when its own bound ends the wait.
                #expect(throws: DatabaseError.self) {
                    try other.transaction(timeout: .milliseconds(200)) {
                        try Audit.append($0, .platform, actor: "b", action: "a", subject: "s", detail: "{}")
                    }
                }
            }
            try Audit.append(transaction, .platform, actor: "ada", action: "a", subject: "long", detail: "{}")
        }
        #expect(runs == 2)
        let subjects = try other.transaction { try Audit.list($0, .everything, limit: 9).map(\.subject) }
        #expect(subjects == ["long", "meanwhile"])
    }

    @Test func `the same refusal is written once a minute, and what was undone is no head`() throws {
        let connection = try Fixtures.connection()
        for (actor, subject) in [("eve", "p"), ("eve", "p"), ("eve", "q"), ("mal", "p")] {
            try connection.transaction {
                try Audit.appendRefusal($0, .organization("acme"), actor: actor, action: "plan.refused", subject: subject, detail: "{}")
            }
        }
        #expect(try connection.transaction { try Audit.list($0, .everything, limit: 9).map { "\($0.actor) \($0.subject)" } } == ["mal p", "eve q", "eve p"])
        try connection.transaction { transaction in
            try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
            try transaction.query("UPDATE charter.audit SET at = at - interval '61 seconds'")
        }
        try connection.transaction {
            try Audit.appendRefusal($0, .organization("acme"), actor: "eve", action: "plan.refused", subject: "p", detail: "{}")
        }
        #expect(try connection.transaction { try Audit.head($0).sequence } == 4)
        try connection.transaction { transaction in
            let head = try Audit.append(transaction, .platform, actor: "a", action: "a", subject: "kept", detail: "{}")
            try? transaction.savepoint {
                try Audit.append(transaction, .platform, actor: "a", action: "a", subject: "undone", detail: "{}")
                throw Broken()
            }
            #expect(try Audit.head(transaction) == head)
        }
        #expect(try connection.transaction { try Audit.head($0).sequence } == 5)
    }
}
