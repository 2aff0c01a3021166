import Crypto
import Spec
import TestKit
import Testing

@testable import Store

/// How scans take turns with what is too much for one, on a real table.
@Suite struct ChecksumWindowTests {
    let connection: Connection

    init() throws {
        connection = try Fixtures.connection()
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            for number in 1...5 as ClosedRange<Int64> {
                let id = try Revisions.next(transaction)
                let key = Fixtures.key("k\(number)")
                let uid = SecureRandom.uuid()
                try Lineages.mint(transaction, [(uid, key)], revision: id)
                try History.record(
                    transaction, History.changes(uid: uid, from: nil, to: PastResource(key: key, canonical: "{}"), revision: id))
                try Revisions.record(transaction, Fixtures.revision(id, parent: number > 1 ? number - 1 : nil), hasChecksums: true)
                try Checksums.keep(transaction, revision: id, unit: "main", rows: [])
            }
        }
    }

    private func differences(_ window: ChecksumWindow, unit: String? = "main") throws -> [RecordDifference] {
        try connection.transaction { try Checksums.differences($0, in: window, unit: unit) }
    }

    @Test func `rows that read alike have checksums of their own`() throws {
        let tails = [
            "'ab', 'set', 'c', 'o', 'k', 'n'", "'a', 'set', 'bc', 'o', 'k', 'n'", "'a', 'set', 'b', 'co', 'k', 'n'", "'a', 'set', 'b', 'c', 'ok', 'n'",
            "'a', 'set', 'b', 'c', 'o', 'kn'", "'a', 'set', 'b,c', 'o', 'k', 'n'", "'a', 'set', 'b', 'c,o', 'k', 'n'",
            #"'a', 'set', '"b","c', 'o', 'k', 'n'"#, "'a', 'set', 'b)', '(o', 'k', 'n'", "'a', 'set', '', 'o', 'k', 'n'",
            "'a', 'set', ' ', 'o', 'k', 'n'", "'a', 'set', 'NULL', 'o', 'k', 'n'", "'a', 'remove', NULL, 'o', 'k', 'n'",
            "'a', 'remove', '', 'o', 'k', 'n'", #"'a', 'set', E'b\\', 'o', 'k', 'n'"#, #"'a', 'set', E'b\\\\', 'o', 'k', 'n'"#,
        ]
        let rows = tails.map { "ROW('00000000-0000-4000-8000-000000000001', 1, \($0))::charter.history" }.joined(separator: ", ")
        let counts = try connection.transaction {
            try $0.query("SELECT count(DISTINCT charter.row_checksum(h)) FROM unnest(ARRAY[\(rows)]) AS h")[0].integer(0)
        }
        #expect(counts == Int64(tails.count))
    }

    @Test func `windows go from the newest revision down to the first, and begin anew`() throws {
        var windows: [ChecksumWindow] = []
        var below: Int64?
        repeat {
            let window = try connection.transaction { try ChecksumWindow($0, below: below, rowsMax: 2) }
            windows.append(window)
            below = window.next
        } while below != nil
        #expect(windows.map(\.first) == [4, 2, 0])
        #expect(windows.map(\.last) == [.max, 3, 1])
        #expect(try connection.transaction { try ChecksumWindow($0, below: nil) } == ChecksumWindow(first: 0, last: .max))
    }

    @Test func `a window tells of its own revisions, and of its own unit`() throws {
        try connection.transaction { transaction in
            try transaction.query("UPDATE charter.history SET value = '[]' WHERE revision IN (2, 5)")
        }
        #expect(try differences(ChecksumWindow(first: 4, last: .max)).map(\.pointer) == ["/history/5"])
        #expect(try differences(ChecksumWindow(first: 2, last: 3)).map(\.resource) == ["acme/APIKey/k2"])
        #expect(try differences(ChecksumWindow(first: 0, last: .max)).count == 2)
        #expect(try differences(ChecksumWindow(first: 0, last: .max), unit: "other").isEmpty)
        #expect(try differences(ChecksumWindow(first: 0, last: .max), unit: nil).count == 2)
    }
}
