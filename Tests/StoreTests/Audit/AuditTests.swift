import Store
import Testing
import TestKit

@Suite struct AuditTests {
    @discardableResult
    private func append(_ connection: Connection, _ subject: String, _ tenancy: Tenancy = .organization("acme")) throws -> String {
        try connection.transaction {
            try Audit.append($0, tenancy, actor: "ada", action: "override.write", subject: subject, detail: #"{"a":1}"#)
        }
    }

    private func tampered(_ sql: String) throws -> AuditVerdict {
        let connection = try Fixtures.connection()
        for subject in ["one", "two", "three", "four"] { try append(connection, subject) }
        return try connection.transaction { transaction in
            try transaction.query("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
            try transaction.query(sql)
            return try Audit.verify(transaction)
        }
    }

    @Test func `a chain that nobody touched is intact, and its head is what was returned`() throws {
        let connection = try Fixtures.connection()
        #expect(try connection.transaction { try Audit.verify($0) } == .intact(count: 0, head: String(repeating: "0", count: 64)))
        try append(connection, "one")
        let head = try append(connection, "two", .platform)
        #expect(try connection.transaction { try Audit.verify($0) } == .intact(count: 2, head: head))
        let listed = try connection.transaction { try Audit.list($0, .organization("acme"), limit: 10) }
        #expect(listed.map(\.subject) == ["one"])
    }

    @Test(arguments: [
        ("UPDATE charter.audit SET detail = '{}' WHERE sequence = 2", 2 as Int64),
        ("UPDATE charter.audit SET actor = 'adao', action = 'verride.write' WHERE sequence = 3", 3),
        ("UPDATE charter.audit SET at = at + interval '1 millisecond' WHERE sequence = 1", 1),
        ("DELETE FROM charter.audit WHERE sequence = 2", 2),
        ("DELETE FROM charter.audit WHERE sequence = 4", 4),
        ("UPDATE charter.audit_head SET sequence = 3, hash = (SELECT hash FROM charter.audit WHERE sequence = 3)", 5),
    ])
    func `finds where somebody changed or removed a row`(sql: String, sequence: Int64) throws {
        #expect(try tampered(sql) == .broken(at: sequence))
    }

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
        let verdict = try Connection(url).transaction { try Audit.verify($0) }
        guard case .intact(40, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }
}
