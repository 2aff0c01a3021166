import Spec
import Store
import Testing

@Suite struct LineagesTests {
    private let a = Fixtures.key("a")
    private let b = Fixtures.key("b")
    private let c = Fixtures.key("c")

    /// Declares just these resources, with their earlier names, as one apply does.
    private func apply(
        _ declared: [ResourceKey: [String]], revision: Int64, _ transaction: Transaction
    ) throws -> [ResourceKey: String] {
        let before = try Lineages.all(transaction)
        let choices = LineageBook(before).choose(for: declared)
        let gone = before.filter { lineage in lineage.isOpen && !choices.values.contains { $0.uid == lineage.uid } }
        try Lineages.close(transaction, gone.map(\.uid), revision: revision)
        try Lineages.record(transaction, choices, revision: revision)
        return choices.mapValues(\.uid)
    }

    @Test func `a uid survives an update, and deletion and return under the same name`() throws {
        try Fixtures.connection().transaction { transaction in
            let first = try apply([a: [], b: []], revision: 1, transaction)
            #expect(first[a] != first[b])
            #expect(try apply([a: [], b: []], revision: 2, transaction) == first)
            #expect(try apply([b: []], revision: 3, transaction) == [b: first[b]])
            #expect(try Lineages.all(transaction).first { $0.key == a }?.closedRevision == 3)
            #expect(try Lineages.uid(transaction, a) == first[a])
            #expect(try apply([a: [], b: []], revision: 4, transaction) == first)
            #expect(try Lineages.all(transaction).allSatisfy(\.isOpen))
        }
    }

    @Test func `a rename keeps the uid, and the old name begins anew`() throws {
        try Fixtures.connection().transaction { transaction in
            let first = try apply([a: []], revision: 1, transaction)
            let renamed = try apply([b: ["a"]], revision: 2, transaction)
            #expect(renamed[b] == first[a])
            #expect(try Lineages.uid(transaction, a) == nil)
            let both = try apply([a: [], b: ["a"]], revision: 3, transaction)
            #expect(both[b] == first[a])
            #expect(both[a] != first[a])
        }
    }

    @Test func `a rename wins over what was deleted under the name`() throws {
        try Fixtures.connection().transaction { transaction in
            let first = try apply([a: [], b: []], revision: 1, transaction)
            _ = try apply([a: []], revision: 2, transaction)
            #expect(try apply([b: ["a"]], revision: 3, transaction) == [b: first[a]])
            #expect(try Lineages.all(transaction).map(\.key) == [b])
        }
    }

    @Test func `names change places`() throws {
        try Fixtures.connection().transaction { transaction in
            let first = try apply([a: [], b: [], c: []], revision: 1, transaction)
            try Lineages.rename(transaction, [(first[a] ?? "", b), (first[b] ?? "", a)], revision: 2)
            #expect(try Lineages.uid(transaction, a) == first[b])
            #expect(try Lineages.uid(transaction, b) == first[a])
            #expect(try Lineages.uid(transaction, c) == first[c])
        }
    }

    @Test func `an earlier name that is deleted by now still gives its uid`() throws {
        try Fixtures.connection().transaction { transaction in
            let first = try apply([a: []], revision: 1, transaction)
            _ = try apply([:], revision: 2, transaction)
            #expect(try apply([b: ["a"]], revision: 3, transaction) == [b: first[a]])
        }
    }

    @Test func `two resources never share an earlier name's uid`() {
        let book = LineageBook([Lineage(uid: "u", key: a, closedRevision: nil)])
        let choices = book.choose(for: [b: ["a"], c: ["a"]])
        #expect(choices[b] == .renamed(uid: "u", from: a))
        #expect(choices[c].map { if case .minted = $0 { true } else { false } } == true)
    }

    @Test func `an earlier name that is still declared is not taken away`() {
        let book = LineageBook([Lineage(uid: "u", key: a, closedRevision: nil)])
        let choices = book.choose(for: [a: [], b: ["a"]])
        #expect(choices[a] == .kept(uid: "u"))
        #expect(choices[b]?.uid != "u")
    }
}
