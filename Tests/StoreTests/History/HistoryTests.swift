import Crypto
import Spec
import Testing

@testable import Store

@Suite struct HistoryTests {
    private static let texts = [
        #"{"spec":{}}"#,
        #"{"labels":{"tier":"prod"},"spec":{"owner":"sam"}}"#,
        #"{"annotations":{"a/b~c":"x"},"spec":{"limits":["600 requests/min",{"x":[1,{"y":2}]}],"owner":"sam"}}"#,
        #"{"spec":{"budget":{"at":{"80%":"notify"},"hard":"250 USD/month"},"owner":"anna"}}"#,
        #"{"spec":{"budget":{"hard":"250 USD/month"},"owner":"anna \"q\" \\ {}[],: ü🜁"}}"#,
        #"{"spec":{"budget":{},"models":[],"":"empty name","n":null,"t":true,"z":-1.5e3}}"#,
        // Not what this module would write, and kept whole: names out of order, spaces, no object, an escape.
        #"{"z":1,"a":2}"#, #"{ "spec" : 1 }"#, #"[1,2]"#, #"{"spec":{"\u0041":1}}"#, "not JSON {",
    ]

    @Test func `names the fields that changed, and only those`() {
        let key = Fixtures.key("k")
        let changes = History.changes(
            uid: "u", from: PastResource(key: key, canonical: Self.texts[1]),
            to: PastResource(key: key, canonical: Self.texts[3]), revision: 9)
        #expect(changes.map(\.field) == ["/labels/tier", "/spec/budget/at/80%", "/spec/budget/hard", "/spec/owner"])
        #expect(changes.map(\.value) == [nil, #""notify""#, #""250 USD/month""#, #""anna""#])
        let same = PastResource(key: key, canonical: Self.texts[1])
        #expect(History.changes(uid: "u", from: same, to: same, revision: 9) == [])
        #expect(History.changes(uid: "u", from: nil, to: nil, revision: 9) == [])
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `the state at every revision of a random history is rebuilt byte for byte`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let uids = (0..<12).map { _ in SecureRandom.uuid() }
        try Fixtures.connection().transaction { transaction in
            var states: [[String: PastResource]] = [[:]]
            for revision in 1...25 as ClosedRange<Int64> {
                var state = states[states.count - 1]
                for uid in uids where Bool.random(using: &random) { state[uid] = Self.random(&random) }
                let changes = uids.flatMap { uid in
                    History.changes(uid: uid, from: states[states.count - 1][uid], to: state[uid], revision: revision)
                }
                try History.record(transaction, changes)
                states.append(state)
            }
            for (revision, state) in states.enumerated() {
                #expect(try History.state(transaction, at: Int64(revision)) == state, "seed \(seed), revision \(revision)")
            }
            #expect(try History.base(transaction) == states[25])
        }
    }

    @Test func `the applied state borrows the texts of rows that are as applied, and of no others`() throws {
        let texts = (0..<4).map { #"{"spec":{"owner":"member-\#($0)"}}"# }
        let rows = texts.indices.map { Fixtures.resource("k\($0)", texts[$0]) }
        try Fixtures.connection().transaction(.repeatableRead) { transaction in
            for (row, text) in zip(rows, texts) {
                let new = PastResource(key: row.key, canonical: text)
                try History.record(transaction, History.changes(uid: row.uid, from: nil, to: new, revision: 1))
            }
            // One is edited by hand, one is gone, and one was changed by a later commit.
            var edited = rows[1]
            edited.canonical = #"{"spec":{"owner":"somebody"}}"#
            let (old, new) = (texts[3], #"{"spec":{"owner":"anna"}}"#)
            try History.record(
                transaction,
                History.changes(
                    uid: rows[3].uid, from: PastResource(key: rows[3].key, canonical: old),
                    to: PastResource(key: rows[3].key, canonical: new), revision: 2))
            var changed = rows[3]
            changed.canonical = new
            try Resources.upsert(transaction, [rows[0], edited, changed])
            let found = Dictionary(uniqueKeysWithValues: try Resources.all(transaction).map { ($0.uid, $0) })
            let base = try History.base(transaction, beside: found)
            #expect(base == (try History.base(transaction)))
            #expect(base.mapValues(\.canonical) == [
                rows[0].uid: texts[0], rows[1].uid: texts[1], rows[2].uid: texts[2], rows[3].uid: new,
            ])
        }
    }

    private static func random(_ random: inout SeededGenerator) -> PastResource? {
        if Int.random(in: 0..<5, using: &random) == 0 { return nil }
        let name = Int.random(in: 0..<8, using: &random) == 0 ? "renamed" : "k"
        return PastResource(key: Fixtures.key(name), canonical: texts.randomElement(using: &random) ?? "")
    }

    @Test func `tells what happened to a resource and at a revision, to its tenant only`() throws {
        let uid = SecureRandom.uuid()
        let (old, new) = (
            PastResource(key: Fixtures.key("k"), canonical: Self.texts[1]),
            PastResource(key: Fixtures.key("k"), canonical: #"{"spec":{"owner":"anna"}}"#)
        )
        try Fixtures.connection().transaction { transaction in
            try History.record(transaction, History.changes(uid: uid, from: nil, to: old, revision: 1))
            try History.record(transaction, History.changes(uid: uid, from: old, to: new, revision: 2))
            try History.record(transaction, History.changes(uid: uid, from: new, to: nil, revision: 3))
            let all = try History.of(transaction, uid: uid)
            #expect(all.map(\.field) == ["", "/labels/tier", "/spec/owner", ""])
            #expect(all.map(\.revision) == [1, 2, 2, 3])
            #expect(all.last?.value == nil)
            #expect(try History.of(transaction, revision: 2, .organization("acme")) == Array(all[1...2]))
            #expect(try History.of(transaction, revision: 2, .organization("other")) == [])
        }
    }
}
