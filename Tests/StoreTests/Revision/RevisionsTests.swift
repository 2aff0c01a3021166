import Spec
import Store
import Testing
import TestKit

@Suite struct RevisionsTests {
    private func apply(_ transaction: Transaction) throws -> Revision {
        try Units.ensure(transaction, name: "main", repository: "/srv/config.git", folder: "")
        let id = try Revisions.next(transaction)
        var revision = Fixtures.revision(id, parent: id == 1 ? nil : id - 1)
        try Revisions.record(transaction, revision)
        revision.appliedAt = try #require(try Revisions.one(transaction, id)).appliedAt
        return revision
    }

    @Test func `reads back what was recorded, newest first`() throws {
        let connection = try Fixtures.connection()
        #expect(try connection.transaction { try Revisions.current($0) } == nil)
        #expect(try connection.transaction { try Revisions.currentID($0) } == 0)
        let recorded = try (1...3).map { _ in try connection.transaction { try apply($0) } }
        try connection.transaction { (transaction: Transaction) throws in
            #expect(try Revisions.list(transaction, limit: 10) == recorded.reversed())
            #expect(try Revisions.current(transaction) == recorded[2])
            #expect(try Revisions.current(transaction, unit: "main") == recorded[2])
            #expect(try Revisions.current(transaction, unit: "other") == nil)
            #expect(try Revisions.currentID(transaction) == 3)
        }
    }

    @Test func `an apply that fails uses up no number`() throws {
        struct Refused: Error {}
        let connection = try Fixtures.connection()
        #expect(throws: Refused.self) {
            try connection.transaction { transaction in
                _ = try apply(transaction)
                throw Refused()
            }
        }
        #expect(try connection.transaction { try apply($0).id } == 1)
    }

    @Test func `applies at the same time get numbers in a row, visible in order`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let ids = try inParallel(4) { _ in
            let connection = try Connection(url)
            return try (0..<5).map { _ in
                let id = try connection.transaction { try apply($0).id }
                let newest = try connection.transaction { try Revisions.list($0, limit: 100).map(\.id) }
                #expect(newest == Array((1...(newest.first ?? 1)).reversed()))
                return id
            }
        }
        #expect(ids.flatMap { $0 }.sorted() == Array(1...20))
    }

    @Test(.disabled(if: TestPostgres.isPooled, "announcements only shorten the pause between two looks"))
    func `a listener hears of a revision when it is committed`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let listener = try Connection(url)
        try listener.listenForRevisions()
        #expect(try listener.waitForNotification(timeout: .milliseconds(1)) == nil)
        let other = Background { try Connection(url).transaction { try apply($0).id } }
        let heard = try listener.waitForNotification(timeout: .seconds(30))
        #expect(try other.value() == 1)
        #expect(heard?.channel == Revisions.channel)
        #expect(heard?.payload == "1")
    }
}
