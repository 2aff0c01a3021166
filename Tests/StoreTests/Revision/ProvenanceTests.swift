import Spec
import Store
import Testing

@Suite struct ProvenanceTests {
    private func provenance(_ line: Int) -> Provenance {
        let spans = Spans(
            path: "orgs/acme/ü.yaml",
            [
                ("/spec/owner", Position(line: line + 4, column: 10), nil),
                ("/spec/a~1b\"\\\n", Position(line: line + 5, column: 3), nil),
                ("/spec/limits", Position(line: 2, column: 3), "orgs/\"ä\"/_defaults.yaml"),
            ])
        return Provenance(
            path: "orgs/acme/ü.yaml", blob: "b\(line)", document: Position(line: line, column: 1), spans: spans,
            commit: "c\(line)", author: "Ada <ada@acme.test>", committedAt: Instant(milliseconds: 1_700_000_000_001),
            summary: "Move\tlines")
    }

    @Test func `moved lines are a version of their own, and resources stay as they are`() throws {
        let (a, b) = (Fixtures.resource("a"), Fixtures.resource("b"))
        try Fixtures.connection().transaction { transaction in
            try Resources.upsert(transaction, [a, b])
            try ProvenanceTable.record(transaction, [a.uid: provenance(1), b.uid: provenance(20)], revision: 1)
            try ProvenanceTable.record(transaction, [a.uid: provenance(7)], revision: 2)
            #expect(try ProvenanceTable.current(transaction) == [a.uid: provenance(7), b.uid: provenance(20)])
            #expect(try ProvenanceTable.at(transaction, revision: 1) == [a.uid: provenance(1), b.uid: provenance(20)])
            #expect(try StateDigest.inDatabase(transaction) == StateDigest([a, b]).hex)
            try Resources.delete(transaction, [b.key])
            #expect(try ProvenanceTable.current(transaction) == [a.uid: provenance(7)])
        }
    }
}
