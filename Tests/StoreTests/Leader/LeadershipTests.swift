import Store
import Testing
import TestKit

@Suite struct LeadershipTests {
    private func acquire(_ connection: Connection, _ holder: String, ttl: Duration = .seconds(60)) throws -> FencingToken? {
        try connection.transaction { try Leadership.acquire($0, name: "main", holder: holder, ttl: ttl) }
    }

    private func expire(_ connection: Connection) throws {
        try connection.transaction { try $0.query("UPDATE charter.leader SET expires_at = now()") }
    }

    @Test func `one leads, the others wait, and a renewed lead goes on`() throws {
        let connection = try Fixtures.connection()
        let token = try #require(try acquire(connection, "a"))
        #expect(try acquire(connection, "b") == nil)
        try connection.transaction { try Leadership.renew($0, token, ttl: .seconds(60)) }
        try connection.transaction { try Leadership.check($0, token) }
        try connection.transaction { try Leadership.release($0, token) }
        let next = try #require(try acquire(connection, "b"))
        #expect(next.number > token.number)
    }

    @Test func `whoever lost the lead can neither write nor renew`() throws {
        let connection = try Fixtures.connection()
        let old = try #require(try acquire(connection, "a"))
        try expire(connection)
        #expect(throws: LeadershipLost.self) { try connection.transaction { try Leadership.check($0, old) } }
        let new = try #require(try acquire(connection, "b"))
        #expect(throws: LeadershipLost.self) { try connection.transaction { try Leadership.check($0, old) } }
        #expect(throws: LeadershipLost.self) { try connection.transaction { try Leadership.renew($0, old, ttl: .seconds(60)) } }
        try connection.transaction { try Leadership.release($0, old) }
        try connection.transaction { try Leadership.check($0, new) }
    }

    @Test func `a lead that ran out is renewed as long as nobody took it`() throws {
        let connection = try Fixtures.connection()
        let token = try #require(try acquire(connection, "a"))
        try expire(connection)
        try connection.transaction { try Leadership.renew($0, token, ttl: .seconds(60)) }
        try connection.transaction { try Leadership.check($0, token) }
        #expect(try acquire(connection, "b") == nil)
    }

    @Test func `a lease that the clock was set back from keeps nobody out`() throws {
        let connection = try Fixtures.connection()
        let old = try #require(try acquire(connection, "a", ttl: .seconds(10)))
        func end(in time: String) throws {
            try connection.transaction { try $0.query("UPDATE charter.leader SET expires_at = clock_timestamp() + interval '\(time)'") }
        }
        try end(in: "100 seconds")
        #expect(try acquire(connection, "b", ttl: .seconds(10)) == nil)
        try end(in: "1 hour")
        let new = try #require(try acquire(connection, "b", ttl: .seconds(10)))
        #expect(throws: LeadershipLost.self) { try connection.transaction { try Leadership.check($0, old) } }
        try connection.transaction { try Leadership.check($0, new) }
    }

    @Test func `a restarted holder fences off its former self`() throws {
        let connection = try Fixtures.connection()
        let old = try #require(try acquire(connection, "a"))
        let new = try #require(try acquire(connection, "a"))
        #expect(throws: LeadershipLost.self) { try connection.transaction { try Leadership.check($0, old) } }
        try connection.transaction { try Leadership.check($0, new) }
    }

    @Test func `the lead does not change hands while a checked transaction runs, even after its time`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let (writer, rival) = (try Connection(url), url)
        let token = try #require(try acquire(writer, "a", ttl: .milliseconds(200)))
        try writer.transaction { transaction in
            try Leadership.check(transaction, token)
            try transaction.query("SELECT pg_sleep(0.3)")
            // Answered at once, however long the transaction lasts.
            let attempt = Background { try acquire(Connection(rival), "b") }
            #expect(try attempt.value(within: .seconds(10)) == nil)
            try transaction.query("UPDATE charter.revision_head SET id = id")
        }
        try eventually(within: .seconds(30), "the rival leads once the time is over") {
            try acquire(Connection(rival), "b") != nil
        }
        #expect(throws: LeadershipLost.self) { try writer.transaction { try Leadership.check($0, token) } }
    }
}
