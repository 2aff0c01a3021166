import TestKit
import Testing

@testable import Store

/// How long a statement may take.
@Suite struct StatementBoundTests {
    @Test func `no statement takes longer than its connection allows, whatever the transaction does`() throws {
        let connection = try Fixtures.connection()
        connection.timeoutMax = .milliseconds(100)
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(timeout: .seconds(60)) { try $0.query("SELECT pg_sleep(30)") }
        }
        #expect(error?.sqlState == .queryCanceled)
        #expect(try connection.transaction { try $0.query("SELECT 1")[0].integer(0) } == 1)
    }
}
