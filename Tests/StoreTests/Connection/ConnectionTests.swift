import Crypto
import Spec
import Testing
import TestKit

@testable import Store

@Suite struct ConnectionTests {
    @Test func `values come back as they were sent`() throws {
        let texts = ["plain", "", "it's \"quoted\" \\ and {braced, NULL}", "zwölf 🜁\nlines\t", "NULL"]
        let digest = SHA256.digest("x")
        try Fixtures.connection().transaction { transaction in
            let row = try transaction.query(
                "SELECT $1::text, $2::bigint, $3::boolean, $4::bytea, \(SQLInstant.milliseconds("$5::timestamptz")), $6::text",
                [
                    .text(texts[2]), .integer(Int64.min), .boolean(true), .digest(digest),
                    .instant(Instant(milliseconds: -62_135_596_799_999)), .null,
                ])[0]
            #expect(try row.text(0) == texts[2])
            #expect(try row.integer(1) == Int64.min)
            #expect(try row.boolean(2))
            #expect(try row.digest(3) == digest)
            #expect(try row.instant(4).milliseconds == -62_135_596_799_999)
            #expect(row.textOrNil(5) == nil)
            let array = try transaction.query("SELECT * FROM unnest($1::text[])", [.texts(texts + [nil])])
            #expect(array.map { $0.textOrNil(0) } == texts + [nil])
        }
    }

    @Test func `a text with U+0000 is refused, not cut short`() throws {
        let connection = try Fixtures.connection()
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { try $0.query("SELECT $1::text", [.text("secret\0tail")]) }
        }
        #expect(error?.sqlState == .characterNotInRepertoire)
    }

    @Test(arguments: [
        ("SELECT $1::uuid", "22P02"), ("SELECT $1::bigint", "22P02"), ("SELECT $1::timestamptz", "22007"),
        ("SELECT $1::json", "22P02"),
        ("INSERT INTO charter.leader VALUES ($1, $1, 1, now(), now()), ($1, $1, 1, now(), now())", "23505"),
    ])
    func `no error shows a parameter`(sql: String, state: String) throws {
        let connection = try Fixtures.connection()
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { try $0.query(sql, [.text("hunter2 \"hunter2\" {hunter2")]) }
        }
        #expect(error?.sqlState.rawValue == state)
        #expect(error.map { !"\($0) \(String(reflecting: $0))".contains("hunter2") } ?? false)
    }

    @Test func `a URL is described without its password`() throws {
        let url = try DatabaseURL("postgresql://ada:hunter2@db.test:6543/main?connect_timeout=3")
        #expect(url.description == "ada@db.test:6543/main")
        let error = #expect(throws: DatabaseError.self) { try DatabaseURL("postgresql://ada:hunter2@db.test:x[]/%%") }
        #expect(error.map { !$0.description.contains("hunter2") } ?? false)
    }

    @Test func `a server that is not there is a connection failure`() {
        let error = #expect(throws: DatabaseError.self) { try Connection("postgresql:///none?host=/nonexistent") }
        #expect(error?.sqlState.isConnectionLoss == true)
    }

    @Test func `leaves no setting of a transaction behind in the session`() throws {
        let connection = try Fixtures.connection()
        func setting(_ transaction: Transaction) throws -> String {
            try transaction.query("SELECT current_setting('statement_timeout')")[0].text(0)
        }
        #expect(try connection.transaction(timeout: .seconds(7), setting) == "7s")
        #expect(try connection.execute("SELECT current_setting('statement_timeout')", [])[0].text(0) == "0")
    }

    @Test func `a statement that takes too long is canceled`() throws {
        let connection = try Fixtures.connection()
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(timeout: .milliseconds(50)) { try $0.query("SELECT pg_sleep(60)") }
        }
        #expect(error?.sqlState == .queryCanceled)
    }

    @Test func `COPY carries every text, and U+0000 as the replacement character`() throws {
        var rows = CopyRows()
        let texts = ["a\tb\\c\nd\re", "\\N", "", "\\."]
        for text in texts + ["x\0y"] {
            rows.append(text)
            rows.append(nil as String?)
            rows.endRow()
        }
        try Fixtures.connection().transaction { transaction in
            try transaction.query("CREATE TEMP TABLE t (n bigserial, a text, b text) ON COMMIT DROP")
            #expect(try transaction.copy(into: "t (a, b)", rows) == 5)
            let back = try transaction.query("SELECT a FROM t WHERE b IS NULL ORDER BY n")
            #expect(back.map { $0.textOrNil(0) } == texts + ["x\u{FFFD}y"])
        }
    }

    @Test func `a refused COPY leaves the session usable`() throws {
        let connection = try Fixtures.connection()
        var rows = CopyRows()
        rows.append("not a number")
        rows.endRow()
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { try $0.copy(into: "charter.epoch (id)", rows) }
        }
        #expect(error?.sqlState.rawValue == "22P02")
        #expect(try connection.transaction { try $0.query("SELECT 1")[0].integer(0) } == 1)
    }
}
