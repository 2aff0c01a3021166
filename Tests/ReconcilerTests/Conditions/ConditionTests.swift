import Foundation
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// The conditions of a unit on a real database.
struct ConditionTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func report() throws -> StatusReport { try StatusReport.read(Connection(scene.database)) }

    private func conditions() throws -> [Condition.Name: Condition] {
        let report = try report()
        return Dictionary(uniqueKeysWithValues: report.conditions(of: report.units[0]).map { ($0.name, $0) })
    }

    /// `Applied=True/Applied` for each, without those that are as a new unit has them.
    private func words(_ names: Condition.Name...) throws -> [String] {
        let all = try conditions()
        return names.map { "\(all[$0]!.status.rawValue)/\(all[$0]!.reason.rawValue)" }
    }

    private func gateway(_ id: String, revision: Int64, digest: String? = nil, silentFor seconds: Int = 0) throws {
        let recorded = try scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision WHERE id = \(revision)").first
        let replica = Replica(
            id: id, epoch: 1, revision: revision, stateDigest: digest ?? recorded ?? String(repeating: "0", count: 64),
            version: "0.1.0", startedAt: Instant(milliseconds: 0))
        try Connection(scene.database).transaction { try Replicas.report($0, replica) }
        try scene.sql("UPDATE charter.gateway SET reported_at = reported_at - interval '\(seconds) seconds' WHERE id = '\(id)'")
    }

    private func commitBudget(_ text: String) throws -> String {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: text)])
    }

    @Test func `all nine are there, in one order, and each has a reason and a time`() throws {
        try scene.apply()
        try gateway("g1", revision: 1)
        let report = try report()
        let all = report.conditions(of: report.units[0])
        #expect(all.map(\.name) == Condition.Name.allCases)
        #expect(all.allSatisfy { $0.since != nil && !$0.message.isEmpty && !$0.message.hasSuffix(".") }, "\(all)")
        #expect(try words(.ready, .fetched, .valid, .applied, .enforced) == ["True/Ready", "True/Fetched", "True/Valid", "True/Applied", "True/Enforced"])
        #expect(try words(.sourceStale, .suspended, .drifted, .verified) == ["False/Fresh", "False/NotSuspended", "Unknown/NotScanned", "True/NotDemanded"])
    }

    @Test func `nothing is ready before a gateway says that it enforces it`() throws {
        try scene.apply()
        #expect(try words(.enforced, .ready) == ["Unknown/NoGateway", "Unknown/NoGateway"])
        try gateway("g1", revision: 0)
        #expect(try words(.enforced, .ready) == ["False/GatewayBehind", "False/GatewayBehind"])
        try gateway("g1", revision: 1, digest: String(repeating: "a", count: 64))
        #expect(try words(.enforced, .ready) == ["False/DigestDiffers", "False/DigestDiffers"])
        try gateway("g1", revision: 1)
        try gateway("g2", revision: 0, silentFor: 60)
        #expect(try words(.enforced) == ["Unknown/GatewaySilent"])
        try gateway("g2", revision: 1, silentFor: 60)
        #expect(try words(.enforced) == ["True/Enforced"], "one that came so far can only be there or stopped")
        try gateway("g2", revision: 0, silentFor: 90_000)
        #expect(try words(.enforced) == ["True/Enforced"], "one that was killed long ago holds nobody up")
    }

    @Test func `a bad commit is named with its place, and what is in force stays enforced`() throws {
        try scene.apply()
        try gateway("g1", revision: 1)
        let bad = try commitBudget("7 dollars")
        try scene.apply()
        #expect(try words(.ready, .valid, .applied, .enforced) == ["False/Invalid", "False/Invalid", "False/Rejected", "True/Enforced"])
        let message = try #require(try conditions()[.valid]).message
        #expect(message.contains(bad.prefix(10)) && message.contains("orgs/acme/budgets/team.yaml:6:9: "), "\(message)")
        _ = try commitBudget("7 USD/month")
        try scene.apply()
        #expect(try words(.valid, .applied, .enforced) == ["True/Valid", "True/Applied", "False/GatewayBehind"])
    }

    @Test func `a commit that changes nothing of the state is applied like any other`() throws {
        try scene.apply()
        try scene.repository.commit(["README.md": "Words"])
        try scene.apply()
        #expect(try words(.applied) == ["True/Applied"])
        #expect(try #require(try conditions()[.applied]).message.hasPrefix("revision 2 is "))
    }

    @Test func `a blocked plan, a suspension, a rollback and drift are told apart`() throws {
        try scene.apply()
        _ = try commitBudget("7 USD/month")
        try scene.apply()
        #expect(try scene.charter("suspend", "--reason", "moving house", "--as", "mira").code == 0)
        #expect(try words(.suspended, .ready) == ["True/Suspended", "False/Suspended"])
        #expect(try #require(try conditions()[.ready]).message.contains("moving house"))
        #expect(try scene.charter("resume").code == 0)
        #expect(try words(.suspended) == ["False/NotSuspended"])
        #expect(try scene.charter("rollback", "1", "--reason", "it hurt", "--as", "mira").code == 0)
        #expect(try words(.applied) == ["False/Held"])
        #expect(try #require(try conditions()[.applied]).message.contains("it hurt"))
        #expect(try scene.charter("resume").code == 0)
        #expect(try words(.applied) == ["False/RolledBack"])
        try scene.apply()
        #expect(try words(.applied) == ["True/Applied"])
        try scene.repository.git("rm", "-rq", "orgs", "charter.yaml")
        try scene.repository.commit([
            "roles.yaml": "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n"
        ])
        #expect(throws: Trouble.self) { try scene.apply() }
        #expect(try words(.applied) == ["False/Blocked"])
        let message = try #require(try conditions()[.applied]).message
        #expect(message.contains("[G10") && message.contains("to let it pass: "), "\(message)")
    }

    @Test func `a time moves when its status does, is kept by the database, and is told alike by every process`() throws {
        try scene.apply()
        try gateway("g1", revision: 1)
        func times() throws -> [String] {
            try ConditionLedger.settle(Connection(scene.database), unit: "default")
            return try conditions().map { "\($0.key.rawValue) \($0.value.since?.iso8601 ?? "-")" }.sorted()
        }
        let first = try times()
        try scene.sql("UPDATE charter.unit SET fetched_at = now(), validated_at = now()")
        try gateway("g1", revision: 1)
        #expect(try times() == first)
        let other = try scene.charter("status", "--json").output
        for line in first { #expect(line.hasSuffix(" -") || other.contains("\"since\":\"\(line.split(separator: " ")[1])\""), "\(line)") }
        _ = try commitBudget("8 USD/month")
        try scene.apply()
        try gateway("g1", revision: 2)
        let second = try times()
        #expect(Set(first).intersection(second).contains { $0.hasPrefix("Valid ") }, "another valid commit is no change of Valid")
        _ = try commitBudget("8 dollars")
        try scene.apply()
        #expect(try !times().contains { line in first.contains(line) && line.hasPrefix("Valid ") })
    }

    @Test func `a remote that fails again and again failed since the first time`() throws {
        try scene.apply()
        try scene.sql("UPDATE charter.unit SET fetched_at = now() - interval '1 hour'")
        try Connection(scene.database).transaction { try Units.recordFetch($0, unit: "default", .failed(message: "no route")) }
        let first = try #require(try conditions()[.sourceStale])
        #expect(first.status == .true && first.message.contains("no route") && first.reason == .fetchFailed)
        #expect(try words(.ready, .fetched) == ["False/FetchFailed", "False/FetchFailed"])
        try Connection(scene.database).transaction { try Units.recordFetch($0, unit: "default", .failed(message: "still none")) }
        let second = try #require(try conditions()[.sourceStale])
        #expect(second.since == first.since && second.message.contains("still none"))
        try Connection(scene.database).transaction { try Units.recordFetch($0, unit: "default", .tip(commit: String(repeating: "a", count: 40))) }
        #expect(try words(.fetched, .sourceStale, .applied) == ["True/Fetched", "False/Fresh", "False/Pending"])
    }

    @Test func `the table says first what is bad, in columns`() throws {
        try scene.apply()
        _ = try commitBudget("7 dollars")
        try scene.apply()
        let lines = try scene.charter("status").output.split(separator: "\n").map(String.init)
        let table = lines.drop { !$0.hasPrefix("  ! ") }.prefix(9)
        #expect(table.count == 9 && table.prefix(3).allSatisfy { $0.hasPrefix("  ! ") }, "\(lines)")
        #expect(table.dropFirst(3).allSatisfy { !$0.hasPrefix("  ! ") })
        let columns = table.map { line in ["True ", "False ", "Unknown "].compactMap { line.firstRange(of: $0)?.lowerBound }.min()!.utf16Offset(in: line) }
        #expect(Set(columns).count == 1, "\(table)")
    }
}
