import Testing
import TestKit

@testable import Store

@Suite struct TransactionTests {
    private static let quick = RetryPolicy(attempts: 4, pause: .milliseconds(1), pauseMax: .milliseconds(2))

    @Test(arguments: ["40001", "40P01"])
    func `runs the body again after losing against another transaction`(state: String) throws {
        let connection = try Fixtures.connection()
        var runs = 0
        let value = try connection.transaction(retry: Self.quick) { transaction in
            runs += 1
            try transaction.query("INSERT INTO charter.epoch (gateway) VALUES ('g')")
            if runs < 3 { try Self.raise(state, transaction) }
            return try transaction.query("SELECT count(*) FROM charter.epoch")[0].integer(0)
        }
        #expect(runs == 3)
        #expect(value == 1)
    }

    @Test func `gives up after the bound`() throws {
        let connection = try Fixtures.connection()
        var runs = 0
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction(retry: Self.quick) { transaction in
                runs += 1
                try Self.raise("40001", transaction)
            }
        }
        #expect(runs == Self.quick.attempts)
        #expect(error?.sqlState == .serializationFailure)
    }

    @Test func `does not repeat another failure`() throws {
        let connection = try Fixtures.connection()
        var runs = 0
        #expect(throws: DatabaseError.self) {
            try connection.transaction { transaction in
                runs += 1
                try Self.raise("23505", transaction)
            }
        }
        #expect(runs == 1)
    }

    @Test func `two transactions that read and then write each other's rows both succeed in the end`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        try Connection(url).transaction { try $0.query("INSERT INTO charter.runtime_sequence SELECT gen_random_uuid(), 0") }
        let patient = RetryPolicy(attempts: 100, pause: .milliseconds(1), pauseMax: .milliseconds(5))
        try inParallel(4) { _ in
            let connection = try Connection(url)
            for _ in 0..<10 {
                try connection.transaction(.serializable, retry: patient) {
                    let old = try $0.query("SELECT id FROM charter.runtime_sequence")[0].integer(0)
                    try $0.query("UPDATE charter.runtime_sequence SET id = $1", [.integer(old + 1)])
                }
            }
        }
        let sum = try Connection(url).transaction { try $0.query("SELECT id FROM charter.runtime_sequence")[0].integer(0) }
        #expect(sum == 40)
    }

    @Test func `an error swallowed inside does not pass for a commit`() throws {
        let connection = try Fixtures.connection()
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { _ = try? $0.query("SELECT 1/0") }
        }
        #expect(error?.sqlState == .inFailedTransaction)
    }

    @Test func `a savepoint undoes only its own part`() throws {
        let connection = try Fixtures.connection()
        let count = try connection.transaction { transaction in
            _ = try Epochs.mint(transaction, gateway: "kept")
            #expect(throws: DatabaseError.self) {
                try transaction.savepoint {
                    _ = try Epochs.mint(transaction, gateway: "undone")
                    try transaction.query("SELECT 1/0")
                }
            }
            return try transaction.query("SELECT count(*) FROM charter.epoch")[0].integer(0)
        }
        #expect(count == 1)
    }

    @Test func `a transaction kept beyond its end refuses to work`() throws {
        let connection = try Fixtures.connection()
        var escaped: Transaction?
        try connection.transaction { escaped = $0 }
        let error = #expect(throws: DatabaseError.self) { try escaped?.query("SELECT 1") }
        #expect(error?.sqlState == .inFailedTransaction)
    }

    @Test(.disabled(if: TestPostgres.isPooled, "whoever ends a session may be in it"))
    func `a session that the server ended is opened anew by the next transaction`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let connection = try Connection(url)
        let pid = try connection.transaction { try $0.query("SELECT pg_backend_pid()")[0].integer(0) }
        try Connection(url).transaction { try $0.query("SELECT pg_terminate_backend($1::int)", [.integer(pid)]) }
        #expect(try connection.transaction { try $0.query("SELECT 1")[0].integer(0) } == 1)
    }

    @Test func `a session lost in the middle is an error and undoes everything`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let connection = try Connection(url)
        let error = #expect(throws: DatabaseError.self) {
            try connection.transaction { transaction in
                _ = try Epochs.mint(transaction, gateway: "lost")
                try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(error?.sqlState.isConnectionLoss == true)
        #expect(try connection.transaction { try $0.query("SELECT count(*) FROM charter.epoch")[0].integer(0) } == 0)
    }

    private static func raise(_ state: String, _ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("DO $$ BEGIN RAISE EXCEPTION 'forced' USING ERRCODE = '\(state)'; END $$")
    }
}
