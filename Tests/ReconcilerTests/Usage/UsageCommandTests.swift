import Crypto
import Foundation
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// `charter usage` as a person calls it.
@Suite struct UsageCommandTests {
    private let scene: Scene
    private static let org = SecureRandom.uuid()
    private static let keys = ["main": SecureRandom.uuid(), "ci": SecureRandom.uuid()]

    /// October and November in UTC; the third row is of November in Berlin already.
    init() throws {
        scene = try Scene([:])
        try ship([
            row("main", "2026-10-02T10:30:00Z", cost: 1_500_000_001), row("ci", "2026-10-02T11:00:00Z", cost: 7),
            row("main", "2026-10-31T23:30:00Z", model: "groq/llama", cost: 2_000_000_000),
            row("main", "2026-11-01T00:00:00Z", cost: 40, requested: "=1+1,\"x\"", flags: [.missing, .cut]),
        ])
    }

    private func row(
        _ key: String, _ at: String, model: String = "openai/gpt-4o", cost: Int64, requested: String = "m", flags: UsageFlags = []
    ) throws -> UsageRow {
        UsageRow(
            at: try Instant.parse(at),
            terms: UsageTerms(
                org: "acme", orgUID: Self.org, key: key, keyUID: Self.keys[key] ?? "", endpoint: "chat.completions",
                requestedModel: requested, model: model, revision: 1, priceVersion: "v",
                tags: key == "ci" ? #"{"team":"build"}"# : UsageTerms.noTags),
            decision: "d-\(at)", attempt: 1, status: 200, input: 10, output: 5, cacheRead: 4, cost: NanoUSD(cost), estimated: !flags.isEmpty,
            flags: flags, latencyMs: 8, detail: #"{"secret":"of the decision"}"#)
    }

    private func ship(_ rows: [UsageRow]) throws {
        let connection = try Connection(scene.database)
        try connection.transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "g")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: rows)
        }
    }

    private func json(_ words: String...) throws -> [String: Any] {
        let outcome = try scene.charter(["usage", "--json"] + words)
        #expect(outcome.code == 0, "\(outcome)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func costs(_ document: [String: Any], _ name: String) -> [String: Int] {
        var costs: [String: Int] = [:]
        for line in document["usage"] as? [[String: Any]] ?? [] { costs[line[name] as? String ?? "-"] = line["costNanoUSD"] as? Int }
        return costs
    }

    @Test func `a month is added up to the nano-USD, by the calendar of the zone`() throws {
        let utc = try json("--from", "2026-10", "--to", "2026-11")
        #expect((utc["total"] as? [String: Any])?["costNanoUSD"] as? Int == 3_500_000_008)
        #expect((utc["total"] as? [String: Any])?["costUSD"] as? String == "3.500000008")
        let berlin = try json("--from", "2026-10", "--to", "2026-11", "--zone", "Europe/Berlin")
        #expect((berlin["total"] as? [String: Any])?["costNanoUSD"] as? Int == 1_500_000_008)
        #expect(berlin["from"] as? String == "2026-09-30T22:00:00Z" && berlin["to"] as? String == "2026-10-31T23:00:00Z")
        let exact = try json("--from", "2026-10-31T23:30:00Z", "--to", "2026-11-01T00:00:00Z")
        #expect((exact["total"] as? [String: Any])?["requests"] as? Int == 1)
    }

    @Test func `usage is told apart by what is asked, and filtered by names, tags and flags`() throws {
        let span = ["--from", "2026-10-01", "--to", "2026-12-01"]
        func lines(_ words: String...) throws -> [String: Any] {
            let outcome = try scene.charter(["usage", "--json"] + span + words)
            #expect(outcome.code == 0, "\(outcome)")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }
        #expect(costs(try lines("--by", "key"), "key") == ["main": 3_500_000_041, "ci": 7])
        #expect(costs(try lines("--by", "month,provider", "--key", "main"), "provider") == ["groq": 2_000_000_000, "openai": 40])
        #expect(costs(try lines("--by", "month"), "month") == ["2026-10": 3_500_000_008, "2026-11": 40])
        #expect(costs(try lines("--by", "day", "--zone", "Europe/Berlin"), "day") == ["2026-10-02": 1_500_000_008, "2026-11-01": 2_000_000_040])
        #expect(costs(try lines("--by", "tag:team"), "tag:team") == ["build": 7, "-": 3_500_000_041])
        #expect(costs(try lines("--by", "model", "--tag", "team=build"), "model") == ["openai/gpt-4o": 7])
        #expect(costs(try lines("--by", "flags", "--flagged"), "flags") == ["missing+cut": 40])
        #expect(costs(try lines("--by", "model", "--model", "groq/*"), "model") == ["groq/llama": 2_000_000_000])
    }

    @Test func `the table ends with the total of its lines`() throws {
        let outcome = try scene.charter("usage", "--from", "2026-10", "--to", "2026-12", "--by", "model")
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        #expect(lines[0].joined(separator: " ") == "Usage from 2026-10-01T00:00:00Z to 2026-12-01T00:00:00Z, days of UTC")
        #expect(lines[1].prefix(2) == ["MODEL", "REQUESTS"] && lines[1].suffix(2) == ["COST", "USD"])
        #expect(lines[2].first == "groq/llama" && lines[2].last == "2.000000000")
        #expect(lines[3].first == "openai/gpt-4o" && lines[3].last == "1.500000048")
        #expect(lines[4] == ["total", "4", "4", "0", "40", "16", "20", "0", "60", "1", "3.500000048"])
    }

    @Test func `an export has every row in the order of time, as CSV and as JSON lines`() throws {
        let csv = try scene.charter("usage", "export", "--from", "2026-10", "--to", "2026-12").output.split(separator: "\n").map(String.init)
        #expect(csv.count == 5)
        #expect(csv[0].hasPrefix("at,org,orgUID,") && csv[0].contains(",costNanoUSD,costUSD,"))
        #expect(csv[1].hasPrefix("2026-10-02T10:30:00.000Z,acme,\(Self.org),,,,,main,"))
        #expect(csv[2].contains(#","{""team"": ""build""}","#))
        // What a client wrote does not become a formula.
        #expect(csv[4].contains(#","'=1+1,""x""","#) && csv[4].contains(",missing+cut,"))
        #expect(!csv.joined().contains("of the decision"))
        let jsonl = try scene.charter("usage", "export", "--format", "jsonl", "--from", "2026-10", "--to", "2026-12").output
        let objects = try jsonl.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["costNanoUSD"] as? Int } == [1_500_000_001, 7, 2_000_000_000, 40])
        #expect(objects[3]["requestedModel"] as? String == "=1+1,\"x\"")
        #expect((objects[1]["tags"] as? [String: String]) == ["team": "build"])
        #expect(try scene.charter("usage", "export", "--key", "ci", "--format", "jsonl", "--from", "2026-10").output.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        (["--from", "yesterday"], "is not a moment"), (["--from", "2026-11", "--to", "2026-11"], "not after it begins"),
        (["--by", "kee"], "did you mean key?"), (["--by", "day,month"], "two lengths of time"), (["--by", "key,key"], "twice"),
        (["--zone", "Mars/Olympus"], "no zone of the IANA database"), (["--tag", "team"], "--tag \"team\""),
        (["export", "--format", "xls"], "csv or jsonl"), (["exprot"], "knows two words"), (["--format", "csv"], "--format is of export"), (["--dry-run"], "--dry-run is of reprice"), (["reprice"], "--reason is missing"),
        (["--by", "hour", "--from", "2000-01-01"], "more than 10000 parts"),
    ])
    func `a mistyped question is explained`(words: [String], message: String) throws {
        let outcome = try scene.charter(["usage"] + words)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test func `a name that nothing has is an error, not an empty bill`() throws {
        let outcome = try scene.charter("usage", "--key", "mian", "--from", "2026-10")
        #expect(outcome.code == 1 && outcome.errors.contains("there is no APIKey `mian`"))
        #expect(outcome.output == "")
    }
}
