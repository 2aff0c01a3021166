import Crypto
import Spec
import Store

/// Made-up usage of one organization with two keys.
struct UsageFixtures {
    let org = SecureRandom.uuid()
    let project = SecureRandom.uuid()
    let keys = [SecureRandom.uuid(), SecureRandom.uuid()]
    /// 2026-11-21T05:58:00Z
    static let now = Instant(milliseconds: 1_795_240_680_000)
    static let dayMilliseconds: Int64 = 86_400_000
    static let dayStart = Instant(milliseconds: now.milliseconds / dayMilliseconds * dayMilliseconds)
    static let dayEnd = Instant(milliseconds: dayStart.milliseconds + dayMilliseconds)

    func row(
        key: Int = 0, at: Instant = Self.now, model: String = "openai/gpt-4o", cost: Int64 = 5, tokens: Int64 = 30,
        attempt: Int = 1, status: Int = 200, decision: String = "d1", requestedModel: String = "assistant",
        tags: String = UsageTerms.noTags, flags: UsageFlags = [], route: String? = "assistant"
    ) -> UsageRow {
        UsageRow(
            at: at,
            terms: UsageTerms(
                org: "acme", orgUID: org, project: "checkout", projectUID: project, key: "key-\(key)", keyUID: keys[key],
                endpoint: "chat.completions", requestedModel: requestedModel, model: model, route: route, revision: 3,
                priceVersion: "p1", tags: tags),
            decision: decision, attempt: attempt, status: status, input: tokens - 10, output: 10, otherMeters: ["image": 2],
            cost: NanoUSD(cost), estimated: false, flags: flags, latencyMs: 120, firstByteMs: 40, detail: #"{"v":1}"#)
    }

    /// Of a request that arrived then; another one at each call.
    func decision(at: Instant = Self.now) -> DecisionName {
        let time = String(at.milliseconds, radix: 16)
        let random = SecureRandom.uuid().replacing("-", with: "").prefix(20)
        return DecisionName(String(repeating: "0", count: 12 - time.count) + time + random)!
    }

    /// A budget of one day over the whole organization, or over a part of it.
    func seed(
        _ uid: String, _ meter: CellMeter = .usd, key: Int? = nil, models: [String]? = nil, window: Window = .day,
        start: Instant = Self.dayStart, end: Instant = Self.dayEnd
    ) -> CellSeed {
        CellSeed(
            id: CellID(uid: uid, meter: meter, window: window, windowStart: start), windowEnd: end,
            subject: UsageSubject(orgUID: org, keyUID: key.map { keys[$0] }, models: models))
    }

    var everything: UsageSubject { UsageSubject(orgUID: org) }
    static let allTime = (Instant(milliseconds: 0), CellSeed.endOfTime)
}

extension Connection {
    func mintEpoch() throws -> Int64 { try transaction { try Epochs.mint($0, gateway: "g") } }

    @discardableResult
    func ship(_ rows: [UsageRow], epoch: Int64, segment: Int64 = 1, from: Int64 = 0, to: Int64) throws -> Bool {
        try transaction {
            try Ledger.ship($0, epoch: epoch, segment: segment, from: from, to: to, rows: rows)
        }
    }

    /// As if one of the keys had been minted in a pool.
    func insertMinted(_ usage: UsageFixtures, key: Int, pool: String) throws {
        let row = DelegatedKeyRow(
            uid: usage.keys[key], org: "acme", orgUID: usage.org, poolUID: pool, name: "key-\(key)", digest: SHA256.digest(usage.keys[key]),
            prefix: "", issuer: "sam", scopes: nil, models: nil, createdAt: UsageFixtures.dayStart, expiresAt: UsageFixtures.dayEnd)
        try transaction { try DelegatedKeys.insert($0, row, idempotencyKey: row.name) }
    }

    func load(_ seeds: [CellSeed]) throws -> [Int64?] {
        let amounts = try transaction { try Cells.load($0, seeds) }
        return seeds.map { amounts[$0.id]?.amount }
    }

    func sums(_ subject: UsageSubject) throws -> UsageSums {
        try transaction { try Ledger.sums($0, subject, from: UsageFixtures.allTime.0, to: UsageFixtures.allTime.1) }
    }
}
