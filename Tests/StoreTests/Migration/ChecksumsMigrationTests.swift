import Crypto
import Spec
import Testing

@testable import Store

/// From the step before with resources that are applied already.
@Suite struct ChecksumsMigrationTests {
    @Test func `what was applied before is no drift, and a lineage that a hand changes after is`() throws {
        let connection = try Fixtures.connection(before: .checksums)
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "r", folder: "")
            try transaction.run(
                script: """
                    INSERT INTO charter.revision (id, unit, commit, vector, author, message, committed_at, state_digest)
                        VALUES (1, 'main', 'c', '{}', 'a', 'm', now(), sha256('x'));
                    INSERT INTO charter.resource VALUES ('acme', 'Budget', 'team', '00000000-0000-4000-8000-000000000001', '{}', sha256('x'), 1, 'main');
                    INSERT INTO charter.lineage VALUES ('00000000-0000-4000-8000-000000000001', 'acme', 'Budget', 'team', 1);
                    INSERT INTO charter.history VALUES ('00000000-0000-4000-8000-000000000001', 1, '', 'set', '{}', 'acme', 'Budget', 'team');
                    """)
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.checksums.version)
        func found() throws -> [String] {
            try connection.transaction { transaction in
                try Checksums.differences(transaction, in: ChecksumWindow(transaction, below: nil), unit: "main").map(\.pointer)
            }
        }
        #expect(try found().isEmpty)
        try connection.transaction { try $0.run(script: "UPDATE charter.history SET value = '[]'; UPDATE charter.lineage SET opened_revision = 2") }
        #expect(try found() == ["/lineage"])
        try connection.transaction { try $0.run(script: "UPDATE charter.lineage SET opened_revision = 1; UPDATE charter.resource SET revision = 2") }
        #expect(try found() == ["/revision"])
    }
}
