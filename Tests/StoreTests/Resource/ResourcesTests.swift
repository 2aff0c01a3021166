import Spec
import Store
import Testing

@Suite struct ResourcesTests {
    @Test func `reads back what was written, in the order of keys`() throws {
        let state = [
            Fixtures.resource("b"), Fixtures.resource("a"),
            StoredResource(
                key: Fixtures.key("openai", org: nil, .provider), uid: "7f0f3c1e-0000-4000-8000-000000000001", canonical: "{}",
                revision: 3, unit: "platform"),
        ]
        try Fixtures.connection().transaction { transaction in
            try Resources.upsert(transaction, state)
            #expect(try Resources.all(transaction) == [state[2], state[1], state[0]])
            #expect(try Resources.one(transaction, state[0].key) == state[0])
            #expect(try Resources.list(transaction, .platform) == [state[2]])
            #expect(try Resources.list(transaction, .organization("acme")) == [state[1], state[0]])
            #expect(try Resources.list(transaction, .organization("zeta")) == [])
        }
    }

    @Test func `writing again replaces, renaming moves, deleting removes`() throws {
        var (a, b) = (Fixtures.resource("a"), Fixtures.resource("b"))
        try Fixtures.connection().transaction { transaction in
            try Resources.upsert(transaction, [a, b])
            a = StoredResource(key: a.key, uid: a.uid, canonical: "{}", revision: 2, unit: "main")
            try Resources.upsert(transaction, [a])
            #expect(try Resources.all(transaction) == [a, b])
            // The names change places.
            let (wasA, wasB) = (a, b)
            a = StoredResource(key: wasB.key, uid: wasA.uid, canonical: "{}", revision: 3, unit: "main")
            b = StoredResource(key: wasA.key, uid: wasB.uid, canonical: "{}", revision: 3, unit: "main")
            try Resources.upsert(transaction, [a, b])
            #expect(try Resources.all(transaction) == [b, a])
            try Resources.delete(transaction, [a.key])
            #expect(try Resources.all(transaction) == [b])
        }
    }

    @Test func `lineages and texts find resources of their kind and organization alone`() throws {
        let (own, next) = ("7f0f3c1e-0000-4000-8000-000000000001", "7f0f3c1e-0000-4000-8000-000000000002")
        let state = [(own, "acme", "a"), (next, "acme", "b"), ("7f0f3c1f-0000-4000-8000-000000000003", "zeta", "a")].map { uid, org, name in
            StoredResource(
                key: Fixtures.key(name, org: org, .member), uid: uid, canonical: #"{"spec":{"email":"\#(name)@example.com"}}"#, revision: 1,
                unit: "main")
        }
        try Fixtures.connection().transaction { transaction in
            try Resources.upsert(transaction, state)
            #expect(try Resources.list(transaction, .organization("acme"), .member, uids: own...own) == [state[0]])
            #expect(try Resources.list(transaction, .organization("zeta"), .member, uids: own...own) == [])
            #expect(try Resources.list(transaction, .everything, .apiKey, uids: own...own) == [])
            let both = try Resources.list(transaction, .everything, .member, uids: own...next)
            #expect(Set(both.map(\.uid)) == [own, next])
            let canonical = #"{"annotations":{"email":"a@example.com"},"spec":{"displayName":"a@example.com"}}"#
            let decoy = StoredResource(
                key: Fixtures.key("0", org: "acme", .member), uid: "7f0f3c20-0000-4000-8000-000000000004", canonical: canonical, revision: 1, unit: "main")
            try Resources.upsert(transaction, [decoy])
            func found(_ tenancy: Tenancy, _ email: String = "a@example.com", limit: Int = 9) throws -> [StoredResource] {
                try Resources.list(transaction, tenancy, .member, whose: "email", is: email, limit: limit)
            }
            #expect(try found(.organization("acme")) == [state[0]])
            #expect(try found(.everything) == [state[0], state[2]])
            #expect(try found(.everything, limit: 1) == [state[0]])
            #expect(try found(.everything, "%") == [])
        }
    }

    @Test func `ten thousand resources are applied in one transaction`() throws {
        let state = (0..<10_000).map { Fixtures.resource("key-\($0)", #"{"spec":{"owner":"m\#($0)"}}"#) }
        let count = try Fixtures.connection().transaction { transaction in
            try Resources.upsert(transaction, state)
            return try Resources.all(transaction).count
        }
        #expect(count == 10_000)
    }
}
