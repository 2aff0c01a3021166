import Crypto
import Gateway
import Spec
import Store
import TestKit
import Testing

/// Overrides that are set, end and expire while a gateway runs.
@Suite struct OverrideTests {
    private static func platform(_ spec: String) throws -> Platform {
        try Platform([StandardConfiguration.keyPath: StandardConfiguration.keys(spec: spec)])
    }

    /// Sets one as `charter override` does; answers its uid.
    @discardableResult
    private func set(
        _ platform: Platform, _ kind: Kind, _ name: String, part: String? = nil, _ effect: Override.Effect, lasting milliseconds: Int64 = 3_600_000
    ) throws -> String {
        let uid = SecureRandom.uuid()
        try Connection(platform.database).transaction { transaction in
            let row = try #require(try Resources.all(transaction).first { $0.key.kind == kind && $0.key.name == name })
            let now = try transaction.clock()
            try Overrides.open(
                transaction,
                Override(
                    uid: uid, target: row.key, targetUID: row.uid, part: part, effect: effect, owner: "ada", reason: "the night",
                    baseRevision: 1, createdAt: now, expiresAt: Instant(milliseconds: now.milliseconds + milliseconds)), actor: "ada")
        }
        return uid
    }

    private func end(_ platform: Platform, _ uid: String) throws {
        let ended = try Connection(platform.database).transaction { try Overrides.close($0, .everything, uid: uid, actor: "ada") }
        try #require(ended != nil)
    }

    private func answer(_ platform: Platform, _ what: String, _ isWanted: (TestClient.Answer) -> Bool) throws -> TestClient.Answer {
        let client = TestClient(port: platform.port)
        var last: TestClient.Answer?
        try eventually(within: .seconds(15), "\(what), not \(String(describing: last))") {
            let answer = try client.chat()
            last = answer
            return isWanted(answer)
        }
        return try #require(last)
    }

    private static let patch = ResourcePatch(["/spec/budget/hard": #""9 requests/month""#])

    @Test func `a spent budget is raised for a time, and refuses again when the override ends, by the counter as it was`() throws {
        let platform = try Self.platform("  budget: { hard: 2 requests/month }\n")
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(try client.chat().status == 200)
        #expect(try client.chat().status == 429)
        let uid = try set(platform, .apiKey, "main", .patch(Self.patch))
        _ = try answer(platform, "the budget is raised") { $0.status == 200 }
        var served = 1
        while served < 20, try client.chat().status == 200 { served += 1 }
        #expect(served == 7)
        let refused = try client.chat()
        #expect(refused.status == 429)
        #expect(refused.text.contains("override/\(uid)") && refused.text.contains("by ada until") && refused.text.contains("the night"))
        try end(platform, uid)
        let after = try answer(platform, "the declared rule refuses") { $0.status == 429 && !$0.text.contains("override/") }
        #expect(after.text.contains("orgs/acme/keys.yaml:"))
        #expect(platform.service?.revision == 1)
    }

    @Test func `a denied key, and all of a denied member, are refused at once by the override, and no other key is`() throws {
        let platform = try Self.platform("")
        let client = TestClient(port: platform.port)
        let key = try set(platform, .apiKey, "main", .denial)
        let refused = try answer(platform, "the key is denied") { $0.status == 403 }
        #expect(refused.text.contains("is denied for now") && refused.text.contains("override/\(key)"))
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        let member = try set(platform, .member, "sam", .denial)
        try eventually(within: .seconds(15), "the member's other key is denied") {
            try client.chat(key: StandardConfiguration.freeSecret).status == 403
        }
        try end(platform, key)
        try end(platform, member)
        _ = try answer(platform, "the key is let in again") { $0.status == 200 }
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
    }

    @Test func `an override that expires is over without a word from anybody, and its end is told once`() throws {
        let platform = try Self.platform("")
        try set(platform, .apiKey, "main", .denial, lasting: 2_500)
        _ = try answer(platform, "the key is denied") { $0.status == 403 }
        _ = try answer(platform, "the denial has expired") { $0.status == 200 }
        let connection = try Connection(platform.database)
        try eventually(within: .seconds(15), "its end is told") {
            try connection.transaction { try Overrides.list($0, .everything, limit: 9) }.map(\.endedBy) == ["expiry"]
        }
        let events = try connection.transaction { transaction in
            try transaction.query("SELECT type FROM charter.event WHERE type LIKE 'override%' ORDER BY id").map { $0.textOrNil(0) }
        }
        #expect(events == ["override.opened", "override.closed"])
    }

    @Test func `overrides survive a restart of the gateway, and its report names the change up to which it enforces them`() throws {
        let platform = try Self.platform("")
        try set(platform, .apiKey, "main", .denial)
        _ = try answer(platform, "the key is denied") { $0.status == 403 }
        platform.stopGateway()
        try platform.startGateway()
        #expect(try TestClient(port: platform.port).chat().status == 403)
        let connection = try Connection(platform.database)
        try eventually(within: .seconds(15), "the report has the sequence") {
            let (wanted, replicas) = try connection.transaction { (try Overrides.pulse($0).sequence, try Replicas.list($0)) }
            return replicas.map(\.overrideSequence) == [wanted]
        }
    }

    @Test func `a denial that ends after a commit took its place is not lifted before the commit is enforced`() throws {
        let platform = try Self.platform("")
        let uid = try set(platform, .apiKey, "main", .denial)
        _ = try answer(platform, "the key is denied") { $0.status == 403 }
        let (hand, ending, holding) = (try Connection(platform.database), try Connection(platform.database), try Connection(platform.database))
        func waits(for table: String) throws -> Bool {
            try hand.transaction { transaction in
                try transaction.query(
                    """
                    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '\(table)'::regclass
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                    """)[0].boolean(0)
            }
        }
        try holding.transaction { load in
            try ending.transaction { transaction in
                try transaction.query("LOCK TABLE charter.override IN ACCESS EXCLUSIVE MODE")
                // The gateway has asked which revision is the newest, and waits for what has changed of overrides.
                try hand.transaction { _ = try $0.query("UPDATE charter.override_sequence SET id = id + 1") }
                try eventually(within: .seconds(20), "the gateway reads the overrides") { try waits(for: "charter.override") }
                try platform.repository.apply([StandardConfiguration.keyPath: StandardConfiguration.keys(spec: "  suspend: { reason: stolen }\n")])
                // The last that a revision is loaded from.
                try load.query("LOCK TABLE charter.delegated_key IN ACCESS EXCLUSIVE MODE")
                try #require(try Overrides.close(transaction, .everything, uid: uid, actor: "ada") != nil)
            }
            try eventually(within: .seconds(20), "the gateway loads the revision") { try waits(for: "charter.delegated_key") }
            let refused = try TestClient(port: platform.port).chat()
            #expect(refused.status == 403 && refused.text.contains("override/\(uid)"), "\(refused.text)")
        }
        let after = try answer(platform, "the commit refuses") { $0.status != 200 && !$0.text.contains("override/") }
        #expect(after.text.contains("stolen"), "\(after.text)")
    }

    @Test func `a revision that could not be taken under an override is looked at again when that ends`() throws {
        let platform = try Self.platform("  budget: { hard: 2 requests/month }\n")
        let client = TestClient(port: platform.port)
        #expect(try (1...3).map { _ in try client.chat().status } == [200, 200, 429])
        try set(platform, .apiKey, "main", .patch(Self.patch), lasting: 20_000)
        _ = try answer(platform, "the override is enforced") { $0.status == 200 }
        try platform.repository.applyRaw(ResourceKey(org: "acme", kind: .apiKey, name: "odd"), canonical: #"{"spec":{"owner"}}"#)
        try eventually(within: .seconds(15), "the rejection is told") { try client.get("/readyz").json("rejected") != nil }
        let isInForce = try Connection(platform.database).transaction { transaction in
            // Mended beside Charter, of which no number tells.
            try transaction.query("DELETE FROM charter.resource WHERE name = 'odd'")
            return try transaction.query("SELECT expires_at > clock_timestamp() + interval '2 seconds' FROM charter.override")[0].boolean(0)
        }
        // On a machine so slow that it ended before, nothing is to be seen.
        guard isInForce else { return }
        try eventually(within: .seconds(60), "the revision is enforced") { platform.service?.revision == 2 }
    }

    @Test func `an override is ended by hand although the newest revision cannot be taken`() throws {
        let platform = try Self.platform("  budget: { hard: 2 requests/month }\n")
        let client = TestClient(port: platform.port)
        #expect(try (1...3).map { _ in try client.chat().status } == [200, 200, 429])
        let uid = try set(platform, .apiKey, "main", .patch(Self.patch))
        _ = try answer(platform, "the override is enforced") { $0.status == 200 }
        try platform.repository.applyRaw(ResourceKey(org: "acme", kind: .apiKey, name: "odd"), canonical: #"{"spec":{"owner"}}"#)
        try eventually(within: .seconds(15), "the rejection is told") { try client.get("/readyz").json("rejected") != nil }
        try end(platform, uid)
        _ = try answer(platform, "the declared rule refuses") { $0.status == 429 && !$0.text.contains("override/") }
        try eventually(within: .seconds(15), "the rejection stands") { try client.get("/readyz").json("rejected") != nil }
        #expect(platform.service?.revision == 1)
    }

    @Test func `an override that fits nothing any more changes nothing, and is told of in the log`() throws {
        let platform = try Self.platform("")
        try set(platform, .apiKey, "main", .patch(ResourcePatch(["/spec/limits/7": #""1 requests/min""#])))
        try eventually(within: .seconds(15), "the log says so") { platform.log.contains("changes nothing") }
        #expect(try TestClient(port: platform.port).chat().status == 200)
    }

    @Test func `a row that cannot be read keeps no other override from being enforced, and is told of in the log`() throws {
        let platform = try Self.platform("")
        let strange = try set(platform, .apiKey, "main", .patch(Self.patch))
        let connection = try Connection(platform.database)
        try connection.transaction { transaction in
            _ = try transaction.query(#"UPDATE charter.override SET patch = '{"/spec/budget": {"hard": 1}}'"#)
        }
        try set(platform, .apiKey, "main", .denial)
        _ = try answer(platform, "the key is denied") { $0.status == 403 }
        try eventually(within: .seconds(15), "the log says so") { platform.log.contains("an override cannot be read") && platform.log.contains(strange) }
    }

    @Test func `a second override of one list changes the limit that it was made for`() throws {
        let platform = try Self.platform("  limits: [2 requests/day, 900k tokens/day]\n")
        let key = try Connection(platform.database).transaction { transaction in
            try #require(try Resources.all(transaction).first { $0.key.kind == .apiKey && $0.key.name == "main" })
        }
        let declared = try Resource.decode(key: key.key, canonical: key.canonical)
        func patch(_ unit: String, _ value: String) throws -> Override.Effect {
            let index = try #require((0..<2).first { declared.canonicalScalar(at: "/spec/limits/\($0)")?.contains(unit) == true })
            return .patch(ResourcePatch(["/spec/limits/\(index)": value]).remembering(declared))
        }
        // The first moves the limit of tokens before that of requests.
        let tokens = try set(platform, .apiKey, "main", patch("tokens", #""1M tokens/day""#))
        try eventually(within: .seconds(15), "the first is followed") { platform.log.contains("overrides have changed") }
        let requests = try set(platform, .apiKey, "main", patch("requests", #""3 requests/day""#))
        let refused = try answer(platform, "the second limits the requests") { $0.status == 429 && $0.text.contains(requests) }
        #expect(!refused.text.contains(tokens) && !platform.log.contains("changes nothing"))
    }
}
