import Crypto
import Spec
import Store
import Testing

@Suite struct StateDigestTests {
    private func randomState(_ count: Int, _ random: inout SeededGenerator) -> [StoredResource] {
        (0..<count).map { index in
            let org = [nil, "acme", "zeta-é"].randomElement(using: &random) ?? nil
            let kind = Kind.allCases.randomElement(using: &random) ?? .plan
            let text = String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
            return StoredResource(
                key: ResourceKey(org: org, kind: kind, name: "n\(index)"), uid: SecureRandom.uuid(),
                canonical: #"{"spec":{"text":"\#(text) ü\n\\ 🜁"}}"#, revision: 1, unit: "main")
        }
    }

    @Test(arguments: [0, 1, 2, 300])
    func `PostgreSQL and Swift compute the same, also after an edit by hand`(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count) + 7)
        let state = randomState(count, &random)
        let connection = try Fixtures.connection()
        try connection.transaction { transaction in
            try Resources.upsert(transaction, state)
            #expect(try StateDigest.inDatabase(transaction) == StateDigest(state).hex)
            #expect(try StateDigest(Resources.all(transaction)) == StateDigest(state))
            try transaction.query("UPDATE charter.resource SET canonical = canonical || ' ' WHERE name = 'n0'")
            let edited = try Resources.all(transaction)
            #expect(try StateDigest.inDatabase(transaction) == StateDigest(edited).hex)
            #expect(try transaction.query("SELECT charter.state_digest()")[0].text(0) == StateDigest(edited).hex)
            #expect((StateDigest(edited) == StateDigest(state)) == (count == 0))
            #expect(edited.filter { $0.digest != StateDigest.row($0.key, $0.canonical) }.map(\.key.name) == (count == 0 ? [] : ["n0"]))
        }
    }

    @Test func `lanes wrap alike, each by itself`() throws {
        let max = SHA256Digest(lanes: (.max, .max, 1 << 63, 1 << 62))
        var digest = StateDigest()
        for _ in 0..<3 { digest.add(max) }
        let lanes = try Fixtures.connection().transaction { transaction in
            try (0..<4).map { lane in
                try transaction.query(
                    "SELECT charter.lane_text(sum(charter.digest_lane($1, \(lane)))) FROM generate_series(1, 3)", [.digest(max)]
                )[0].text(0)
            }
        }
        #expect(lanes.joined() == digest.hex)
        for _ in 0..<3 { digest.remove(max) }
        #expect(digest == StateDigest())
    }

    @Test func `the order of rows does not matter, but which text belongs to which name does`() {
        let (a, b) = (Fixtures.resource("a", "1"), Fixtures.resource("b", "2"))
        #expect(StateDigest([a, b]) == StateDigest([b, a]))
        #expect(StateDigest([a, b]) != StateDigest([Fixtures.resource("a", "2"), Fixtures.resource("b", "1")]))
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
