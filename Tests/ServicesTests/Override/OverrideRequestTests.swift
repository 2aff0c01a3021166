import Crypto
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

@Suite struct OverrideRequestTests {
    private let connection: Connection

    private static let rows: [(ResourceKey, String)] = [
        (ResourceKey(org: "acme", kind: .organization, name: "acme"), #"{"spec":{"displayName":"Acme"}}"#),
        (ResourceKey(org: "acme", kind: .budget, name: "monthly"), #"{"spec":{"for":{"organization":true},"hard":"250 USD/month"}}"#),
        (
            ResourceKey(org: "acme", kind: .apiKey, name: "checkout"),
            #"{"spec":{"budget":{"hard":"50 USD total"},"limits":["2M tokens/day","600 requests/min"],"maxOutput":4000,"owner":"sam","scopes":["all"]}}"#
        ),
        (
            ResourceKey(org: nil, kind: .modelCatalog, name: "main"),
            #"{"spec":{"models":{"gpt-4o":{}},"provider":"openai"}}"#
        ),
    ]

    init() throws {
        connection = try Connection(TestPostgres.shared.freshDatabase())
        try connection.transaction { transaction in
            try Resources.upsert(
                transaction,
                Self.rows.map { StoredResource(key: $0.0, uid: SecureRandom.uuid(), canonical: $0.1, revision: 1, unit: "main") })
        }
    }

    private func request(
        _ target: String, _ wish: OverrideRequest.Wish, until end: OverrideEnd = .after(.seconds(7_200)), reason: String = "the night"
    ) -> OverrideRequest {
        OverrideRequest(target: target, wish, until: end, actor: "ada", reason: reason)
    }

    private func patch(_ target: String, _ words: String...) throws -> [String: String] {
        let receipt = try request(target, .values(words)).run(connection)
        guard case .patch(let patch) = receipt.override.effect else { return [:] }
        return patch.fields
    }

    @Test func `what a person types at night is completed from what is declared`() throws {
        for text in ["limit=400USD", "limit=400 USD/month", "limit=400", "hard=400USD", "/spec/hard=400 USD"] {
            #expect(try patch("budget/acme/monthly", text) == ["/spec/hard": #""400 USD/month""#], "\(text)")
        }
        #expect(try patch("key/acme/checkout", "budget=80USD") == ["/spec/budget/hard": #""80 USD total""#])
        #expect(try patch("apikey/acme/checkout", "limit=1200 requests/min") == ["/spec/limits/1": #""1200 requests/min""#])
        #expect(try patch("key/acme/checkout", "limits.0=3M")["/spec/limits/0"]?.hasSuffix(#" tokens/day""#) == true)
        let two = try patch("key/acme/checkout", "maxOutput=100", "limits.1=5")
        #expect(two["/spec/maxOutput"]?.contains("100") == true && two["/spec/limits/1"] == #""5 requests/min""#)
    }

    @Test func `a limit that another value moves in the list's order is still the one that was meant`() throws {
        #expect(try patch("key/acme/checkout", "limit=9000 requests/min")["/spec/limits/1"]?.hasSuffix(#" requests/min""#) == true)
        let declared = try Resource.decode(key: Self.rows[2].0, canonical: Self.rows[2].1)
        let moved = try Resource.decode(
            key: declared.key, canonical: declared.canonical, patch: ResourcePatch(["/spec/limits/1": #""9000 requests/min""#]))
        let pointer = moved.pointer(ofChanged: "/spec/limits/1", since: declared)
        #expect(moved.canonicalScalar(at: pointer)?.hasSuffix(#" requests/min""#) == true)
    }

    @Test(arguments: [
        ("budget/acme/monthly", "limit=a lot", "amount"), ("budget/acme/monthly", "limit=400 tokens/fortnight", ""),
        ("budget/acme/monthly", "limit=250 USD", "already"), ("budget/acme/monthly", "limit", "sets nothing"),
        ("key/acme/checkout", "owner=eve", "cannot be overridden"), ("key/acme/checkout", "limit=9 requests/day", "no limit that counts like"),
        ("key/acme/checkout", "limits.7=9 requests/day", ""), ("org/acme", "displayName=x", "cannot be overridden"),
        ("budget/acme/yearly", "limit=1", "is applied"), ("budget/globex/monthly", "limit=1", "is applied"),
        ("nonsense/acme/monthly", "limit=1", "names nothing"), ("monthly", "limit=1", "names nothing"),
    ]) func `what cannot be is refused in words, and nothing is written`(target: String, word: String, reason: String) throws {
        let refused = #expect(throws: RequestRefusal.self) { try patch(target, word) }
        let text = (refused?.description ?? "") + (refused?.hint ?? "")
        #expect(reason.isEmpty || text.contains(reason) || reason == "amount", "\(text)")
        #expect(try OverrideListing(connection, ended: true).overrides.isEmpty)
        #expect(try connection.transaction { try Audit.list($0, .everything, limit: 9) }.isEmpty)
    }

    @Test func `an end in the past, one beyond a week, and a reason that is empty or endless are refused`() throws {
        let now = try connection.transaction { try $0.clock() }
        for end in [OverrideEnd.at(now), .after(.seconds(7 * 86_400 + 1))] {
            #expect(throws: RequestRefusal.self) { try request("org/acme", .denial, until: end).run(connection) }
        }
        for reason in [" ", String(repeating: "x", count: Override.textBytesMax + 1)] {
            #expect(throws: RequestRefusal.self) { try request("org/acme", .denial, reason: reason).run(connection) }
        }
        _ = try request("org/acme", .denial, until: .after(.seconds(7 * 86_400))).run(connection)
    }

    @Test func `ends are read as lengths, times of day and moments`() throws {
        let now = Instant(milliseconds: 1_790_000_000_000)
        #expect(try OverrideEnd("2h", now: now) == .after(.seconds(7_200)))
        #expect(try OverrideEnd("2026-11-22T18:00:00Z", now: now) == .at(try Instant.parse("2026-11-22T18:00:00Z")))
        for text in ["00:00", "12:30", "23:59"] {
            guard case .at(let moment) = try OverrideEnd(text, now: now) else { Issue.record("a moment"); continue }
            #expect(moment > now && moment.milliseconds - now.milliseconds <= 25 * 3_600_000 && moment.milliseconds % 60_000 == 0)
        }
        for text in ["", "soon", "24:00", "1:00", "2x", "-1h", "12:60", "2026-13-01"] {
            #expect(throws: RequestRefusal.self) { try OverrideEnd(text, now: now) }
        }
    }

    @Test func `a model, a key and an organization are denied, and what nobody uses is not`() throws {
        let model = try request("model/openai/gpt-4o", .denial).run(connection).override
        #expect(model.part == "openai/gpt-4o" && model.target.kind == .modelCatalog)
        for target in ["key/acme/checkout", "org/acme", "Organization/acme"] {
            #expect(try request(target, .denial).run(connection).override.effect == .denial)
        }
        #expect(throws: RequestRefusal.self) { try request("budget/acme/monthly", .denial).run(connection) }
        #expect(throws: RequestRefusal.self) { try request("model/openai/gpt-5", .denial).run(connection) }
        let text = try OverrideListing(connection).text
        #expect(text.contains("model openai/gpt-4o") && text.contains("denied") && text.contains("the night"))
    }

    @Test func `a request that is run twice takes effect once, and is ended once by the beginning of its id`() throws {
        let request = request("org/acme", .denial)
        let override = try request.run(connection).override
        #expect(try request.run(connection).override.uid == override.uid)
        #expect(try OverrideListing(connection).overrides.count == 1)
        #expect(try OverrideListing(connection).remark.contains("acme/Organization/acme"))
        let end = OverrideEndRequest(id: override.shortID, actor: "bob", reason: "it is day")
        #expect(try end.run(connection).endedBy == "bob")
        #expect(throws: RequestRefusal.self) { try end.run(connection) }
        for id in ["abc", "ffffffff-0000", "%%%%"] {
            #expect(throws: RequestRefusal.self) { try OverrideEndRequest(id: id, actor: "bob", reason: nil).run(connection) }
        }
        #expect(try OverrideListing(connection).remark.isEmpty)
        let acts = try connection.transaction { try Audit.list($0, .organization("acme"), limit: 9) }
        #expect(acts.map(\.action) == ["override.ended", "override.set"])
    }

    @Test func `an override whose limit is not declared any more is listed with that it changes nothing`() throws {
        let override = try request("key/acme/checkout", .values(["limit=1200 requests/min"])).run(connection).override
        guard case .patch(let patch) = override.effect else { Issue.record("a patch"); return }
        #expect(patch.elements["/spec/limits/1"]?.hasPrefix("600 requests") == true)
        #expect(try !OverrideListing(connection).text.contains("changes nothing"))
        let (key, canonical) = Self.rows[2]
        try connection.transaction { transaction in
            let row = try #require(try Resources.one(transaction, key))
            let without = canonical.replacing(#","600 requests/min""#, with: "")
            try Resources.upsert(transaction, [StoredResource(key: key, uid: row.uid, canonical: without, revision: 2, unit: "main")])
        }
        let listing = try OverrideListing(connection)
        for text in [listing.text, listing.remark, listing.json.text] { #expect(text.contains("600 requests") && text.contains("not declared any more"), "\(text)") }
    }

    @Test func `a row that this version cannot read is listed, and ends nothing else`() throws {
        let override = try request("org/acme", .denial).run(connection).override
        let strange = try request("budget/acme/monthly", .values(["limit=400"])).run(connection).override
        try connection.transaction { transaction in
            _ = try transaction.query(#"UPDATE charter.override SET patch = '{"/spec/hard": {}}' WHERE NOT denies"#)
        }
        let listing = try OverrideListing(connection)
        #expect(listing.overrides.map(\.uid) == [override.uid] && listing.text.contains(strange.uid))
        let refused = #expect(throws: RequestRefusal.self) {
            try OverrideEndRequest(id: strange.uid, actor: "bob", reason: nil).run(connection)
        }
        #expect(refused?.description.contains("cannot be read") == true)
    }

    @Test func `values that cannot stand beside those of another override are refused`() throws {
        _ = try patch("budget/acme/monthly", "soft=200 USD/month")
        let refused = #expect(throws: RequestRefusal.self) { try patch("budget/acme/monthly", "hard=100USD") }
        #expect(refused?.description.contains("under the overrides that are in force") == true, "\(String(describing: refused))")
        #expect(try OverrideListing(connection).overrides.count == 1)
    }
}
