import Policy
import Spec
import Testing

@Suite struct AuthenticateTests {
    @Test func `an unknown digest is refused without a rule`() throws {
        let refusal = try #require(try World().snapshot().authenticate(World.digest(0x22), now: World.start).failure)
        #expect(refusal.code == .invalidAPIKey)
        #expect(refusal.rule == nil)
    }

    @Test func `a known digest names key, organization and owner`() throws {
        let identity = try World().snapshot().caller().identity
        #expect(identity.org == "acme")
        #expect(identity.orgUID == "uid:-/Organization/acme" || identity.orgUID == "uid:acme/Organization/acme")
        #expect(identity.key == "checkout")
        #expect(identity.keyUID == "uid:acme/APIKey/checkout")
        #expect(identity.member == "sam")
        #expect(identity.project == nil)
    }

    @Test func `what is declared of a key that opens nothing any more is asked once in each revision`() throws {
        var standing = try World().snapshot().caller().standing
        #expect(!standing.cuts && standing.endsAt == .max)
        let other = World(files: ["orgs/acme/key.yaml": World.key("", name: "other", secret: 0x33)])
        let rotated = World(files: ["orgs/acme/key.yaml": World.key("  whenRevoked: cut", secret: 0x22)])
        standing.end(of: World.digest(), in: try other.snapshot(revision: 2))
        #expect(!standing.cuts)
        // With keys that are minted comes another snapshot of the same revision.
        standing.end(of: World.digest(), in: try rotated.snapshot(revision: 2))
        #expect(!standing.cuts)
        standing.end(of: World.digest(), in: try rotated.snapshot(revision: 3))
        #expect(standing.cuts)
        standing.end(of: World.digest(), in: try other.snapshot(revision: 4))
        #expect(standing.cuts)
    }

    @Test func `a key past its end is refused by the line of expires`() throws {
        let snapshot = try World(key: "  expires: 2026-01-01T00:00:00Z").snapshot()
        let refusal = try #require(snapshot.authenticate(World.digest(), now: World.start).failure)
        #expect(refusal.code == .keyExpired)
        #expect(refusal.rule?.field == "/spec/expires")
        #expect(refusal.rule?.origin == RuleOrigin(
            path: "orgs/acme/key.yaml", line: 8, column: 12, commit: World.commit, author: World.author))
    }

    @Test func `a key ends at the millisecond it says`() throws {
        let snapshot = try World(key: "  expires: 2026-01-01T00:00:00Z").snapshot()
        let end = Instant(milliseconds: 1_767_225_600_000)
        #expect(snapshot.authenticate(World.digest(), now: end.adding(milliseconds: -1)).success != nil)
        #expect(snapshot.authenticate(World.digest(), now: end).failure?.code == .keyExpired)
    }

    @Test func `each secret has a window of its own`() throws {
        let old = String(repeating: "33", count: 32)
        let new = String(repeating: "44", count: 32)
        let key = World.key("").replacing(
            "secrets: [{ sha256: \(String(repeating: "11", count: 32)) }]",
            with: "secrets: [{ sha256: \(old), until: 2026-02-01T00:00:00Z }, { sha256: \(new), from: 2026-01-25T00:00:00Z }]")
        let snapshot = try World(files: ["orgs/acme/key.yaml": key]).snapshot()
        let january = Instant(milliseconds: 1_768_000_000_000)
        let both = Instant(milliseconds: 1_769_500_000_000)
        let march = Instant(milliseconds: 1_772_500_000_000)
        #expect(snapshot.authenticate(World.digest(0x33), now: january).success != nil)
        #expect(snapshot.authenticate(World.digest(0x44), now: january).failure?.rule?.field.hasSuffix("/from") == true)
        #expect(snapshot.authenticate(World.digest(0x33), now: both).success != nil)
        #expect(snapshot.authenticate(World.digest(0x44), now: both).success != nil)
        #expect(snapshot.authenticate(World.digest(0x33), now: march).failure?.rule?.field.hasSuffix("/until") == true)
        #expect(snapshot.authenticate(World.digest(0x44), now: march).success != nil)
    }
}
