import Crypto
import Foundation
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// `charter usage reprice` on real ledgers.
@Suite struct RepricingTests {
    private let scene: Scene
    private let connection: Connection
    private static let org = SecureRandom.uuid()
    private static let key = SecureRandom.uuid()
    private static let budget = SecureRandom.uuid()

    /// Booked at a wrong price of 1 nano-USD a token; 3 and 4 in truth, from mid-October 5 and 4, and 2 nano-USD a request.
    init() throws {
        scene = try Scene(["models.yaml": Self.models])
        let applied = try scene.apply()
        #expect(!applied.isRejected, "\(applied.text)")
        connection = try Connection(scene.database)
    }

    private static let models = """
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: openai }
        spec: { type: openai, baseURL: "https://api.openai.com/v1", credential: { env: OPENAI_API_KEY } }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: openai }
        spec:
          provider: openai
          models:
            a:
              prices:
                - { meters: { input: 0.003 USD/k, output: 0.004 USD/k, cacheRead: 0.001 USD/k } }
                - { effectiveFrom: 2026-10-15, meters: { input: 0.005 USD/k, output: 0.004 USD/k } }
            free: {}
            asked: { prices: { input: 0.003 USD/k, output: 0.004 USD/k, request: 0.01 USD } }

        """

    private func row(
        _ decision: String, _ at: String, model: String = "openai/a", input: Int64 = 1_000, output: Int64 = 100, cacheRead: Int64 = 0,
        status: Int = 200, cost: Int64? = nil, attempt: Int = 1
    ) throws -> UsageRow {
        UsageRow(
            at: try Instant.parse(at),
            terms: UsageTerms(
                org: "acme", orgUID: Self.org, key: "main", keyUID: Self.key, endpoint: "chat.completions", requestedModel: "a",
                model: model, revision: 1, priceVersion: "wrong"),
            decision: decision, attempt: attempt, status: status, input: input, output: output, cacheRead: cacheRead,
            cost: NanoUSD(cost ?? input + output), estimated: false, latencyMs: 8, detail: "{}")
    }

    private func ship(_ rows: [UsageRow]) throws {
        try connection.transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "g")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: rows)
        }
    }

    /// A budget of October over the organization.
    private func cell() throws -> CellSeed {
        let (start, end) = (try Instant.parse("2026-10-01T00:00:00Z"), try Instant.parse("2026-11-01T00:00:00Z"))
        return CellSeed(
            id: CellID(uid: Self.budget, meter: .usd, window: .month, windowStart: start), windowEnd: end,
            subject: UsageSubject(orgUID: Self.org))
    }

    private func spent() throws -> Int64 {
        let seed = try cell()
        return try #require(try connection.transaction { try Cells.load($0, [seed])[seed.id]?.amount })
    }

    private static let october = ["--from", "2026-10", "--to", "2026-11"]

    private func reprice(_ words: String...) throws -> [String: Any] {
        let outcome = try scene.charter(["usage", "reprice", "--json", "--reason", "a price was learned late"] + Self.october + words)
        #expect(outcome.code == 0, "\(outcome)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func total(_ document: [String: Any], _ name: String) -> Int? { (document["total"] as? [String: Any])?[name] as? Int }

    private func shipOctober() throws {
        // The budget is counted from before.
        #expect(try spent() == 0)
        try ship(
            [
                try row("d1", "2026-10-02T10:00:00Z"), try row("d2", "2026-10-02T10:30:00Z", cacheRead: 600),
                try row("d3", "2026-10-20T00:00:00Z"), try row("d4", "2026-10-20T00:00:00Z", input: 0, output: 0, status: 502, cost: 0),
                try row("d5", "2026-10-21T00:00:00Z", model: "openai/free"), try row("d6", "2026-10-21T00:00:00Z", model: "gone/b"),
                try row("d7", "2026-11-01T00:00:00Z"),
            ])
    }

    // In nano-USD a token 3,000 and 4,000; 5,000 from the middle of the month.
    private static let correct: [String: Int] = [
        "d1": 1_000 * 3_000 + 100 * 4_000, "d2": 400 * 3_000 + 600 * 1_000 + 100 * 4_000, "d3": 1_000 * 5_000 + 100 * 4_000,
    ]

    @Test func `usage of a period costs what the prices say that hold at its time`() throws {
        try shipOctober()
        let before = try spent()
        let repriced = try reprice()
        let expected = Self.correct.values.reduce(0, +)
        #expect(total(repriced, "attempts") == 4 && total(repriced, "corrected") == 3)
        #expect(total(repriced, "beforeNanoUSD") == 3_300 && total(repriced, "afterNanoUSD") == expected)
        #expect(repriced["unpriced"] as? Int == 2)
        // The budget, the sums by hour and day, and the rows agree.
        #expect(try spent() == before + Int64(expected) - 3_300)
        let costs = try scene.sql("SELECT decision || ' ' || sum(cost) FROM charter.usage GROUP BY decision ORDER BY 1")
        #expect(costs == Self.correct.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" } + ["d4 0", "d5 1100", "d6 1100", "d7 1100"])
        for table in ["charter.usage_hour", "charter.usage_day", "charter.usage"] {
            #expect(try scene.sql("SELECT sum(cost) || ' ' || sum(requests) || ' ' || sum(tokens) FROM \(table)") == ["\(expected + 3_300) 7 6600"])
        }
        #expect(try scene.sql("SELECT sum(attempts) FROM charter.usage_hour") == ["7"])
        // A correction is a row that tells by which prices, why and by whom.
        let rows = try scene.sql(
            "SELECT flags || ' ' || (price_version <> 'wrong') || ' ' || (detail::jsonb -> 'repriced' ->> 'reason') FROM charter.usage WHERE flags = 256")
        #expect(rows == Array(repeating: "256 true a price was learned late", count: 3))
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'usage.repriced'") == ["1"])
    }

    @Test func `a second correction by the same prices books nothing, a later price only the difference`() throws {
        try shipOctober()
        _ = try reprice()
        let rows = try scene.sql("SELECT count(*) FROM charter.usage")
        #expect(total(try reprice(), "corrected") == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.usage") == rows)
        try scene.repository.commit(["models.yaml": Self.models.replacing("0.003 USD/k", with: "0.002 USD/k")], message: "Cheaper")
        try scene.apply()
        let repriced = try reprice()
        #expect(total(repriced, "corrected") == 2)
        #expect(total(repriced, "differenceNanoUSD") == -1_000 * 1_000 - 400 * 1_000)
        #expect(try scene.sql("SELECT sum(cost) FROM charter.usage WHERE decision = 'd1'") == ["2400000"])
    }

    @Test func `a trial books nothing and says what a correction would`() throws {
        try shipOctober()
        let rows = try scene.sql("SELECT count(*) FROM charter.usage")
        let trial = try reprice("--dry-run")
        #expect(try scene.sql("SELECT count(*) FROM charter.usage") == rows)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'usage.repriced'") == ["0"])
        let repriced = try reprice()
        #expect(trial["total"] as? [String: Int] == repriced["total"] as? [String: Int])
    }

    @Test func `only what is asked for is corrected`() throws {
        try shipOctober()
        #expect(total(try reprice("--model", "gone/*"), "attempts") == 0)
        let text = try scene.charter("usage", "reprice", "--reason", "r", "--from", "2026-10-20", "--to", "2026-10-21").output
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("Repriced usage from 2026-10-20T00:00:00Z to 2026-10-21T00:00:00Z by the prices of revision 1"))
        #expect(lines[2].split(separator: " ").map(String.init) == ["openai/a", "2", "1", "0.000001100", "0.005400000", "0.005398900"])
        #expect(try scene.sql("SELECT count(*) FROM charter.usage WHERE flags = 256") == ["1"])
    }

    @Test func `an answer of no tokens has the price of its request, and a failure has none`() throws {
        try ship([
            try row("d1", "2026-10-02T10:00:00Z", model: "openai/asked", input: 0, output: 0, cost: 0),
            try row("d2", "2026-10-02T11:00:00Z", model: "openai/asked", input: 0, output: 0, status: 502, cost: 0),
        ])
        #expect(total(try reprice(), "corrected") == 1)
        let costs = try scene.sql("SELECT decision || ' ' || sum(cost) FROM charter.usage GROUP BY decision ORDER BY 1")
        #expect(costs == ["d1 10000000", "d2 0"])
    }

    @Test func `two corrections at once book each difference once`() throws {
        var rows: [UsageRow] = []
        for number in 0..<2_000 { rows.append(try row("d\(number)", "2026-10-0\(1 + number % 9)T10:00:00Z")) }
        try ship(rows)
        let words = ["usage", "reprice", "--reason", "r"] + Self.october
        let runs = try (0..<3).map { _ in try scene.start(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]) }
        for run in runs { #expect(run.wait(within: .seconds(120)) == 0) }
        #expect(try scene.sql("SELECT sum(cost) FROM charter.usage") == ["\(2_000 * 3_400_000)"])
        #expect(try scene.sql("SELECT count(*) FROM charter.usage WHERE flags = 256") == ["2000"])
    }

    @Test func `what retention removes meanwhile is not booked a second time`() throws {
        try shipOctober()
        let before = try spent()
        // Between the moment that the ledger is read of and the first booking.
        _ = try scene.sql(
            """
            CREATE FUNCTION charter.retention_meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN DELETE FROM charter.usage WHERE decision = 'd1'; RETURN NULL; END $$
            """)
        _ = try scene.sql(
            "CREATE TRIGGER meanwhile AFTER INSERT ON charter.epoch FOR EACH STATEMENT EXECUTE FUNCTION charter.retention_meanwhile()")
        let repriced = try reprice()
        #expect(total(repriced, "attempts") == 3 && total(repriced, "corrected") == 2)
        let expected = Self.correct.values.reduce(0, +) - (Self.correct["d1"] ?? 0)
        #expect(try spent() == before + Int64(expected) - 2_200)
        #expect(try scene.sql("SELECT sum(cost) FROM charter.usage_hour") == ["\(expected + 4_400)"])
        #expect(try scene.sql("SELECT count(*) FROM charter.usage WHERE decision = 'd1'") == ["0"])
    }
}
