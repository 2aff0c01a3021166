import Store
import TestKit
import Testing

@testable import Reconciler

/// Git, PostgreSQL and the gateways beside each other.
struct DigestTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    private func status(_ words: String...) throws -> String { try scene.charter(["status"] + words).output }

    private func gateway(_ id: String, _ revision: Int64, _ digest: String? = nil) throws {
        let recorded = try scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision WHERE id = \(revision)")[0]
        try Connection(scene.database).transaction {
            try Replicas.report(
                $0, Replica(id: id, epoch: 1, revision: revision, stateDigest: digest ?? recorded, version: "0.1.0", startedAt: .now))
        }
    }

    @Test func `all who hold the same agree, with what each calls it`() throws {
        try gateway("g1", 1)
        let text = try status("--repo", scene.repository.path)
        let digest = try scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision")[0]
        #expect(text.contains("    all agree\n"), "\(text)")
        for holder in ["Git, unit default", "PostgreSQL, as applied", "PostgreSQL, its rows", "gateway g1"] {
            #expect(text.split(separator: "\n").contains { $0.contains(holder) && $0.contains(digest.prefix(16)) }, "\(holder) in \(text)")
        }
        #expect(try status("--json", "--repo", scene.repository.path).contains(#""agree":true"#))
    }

    @Test func `rows that a hand changed differ from what was applied`() throws {
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, 'Search', 'Sarch') WHERE name = 'search'")
        let text = try status()
        #expect(text.contains("other hands changed them, charter drift names what") && !text.contains("all agree"), "\(text)")
        #expect(try status("--json").contains(#""agree":false"#))
    }

    @Test func `a branch that is ahead, and one that cannot be read, are named`() throws {
        let ahead = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        #expect(try status("--repo", scene.repository.path).contains("Git's \(ahead.prefix(10)) of unit default asks for "))
        let bad = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        #expect(try status("--repo", scene.repository.path).contains("Git's \(bad.prefix(10)) of unit default is no state: it has an error"))
    }

    @Test func `without the repository it is told what the branch asked for when it was judged last`() throws {
        #expect(try status().contains("    Git, unit default "))
        let digest = try scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision")[0]
        #expect(try scene.sql("SELECT validated_digest || ' ' || validated_beside FROM charter.unit") == ["\(digest) 0"])
        let held = try scene.repository.commit(["orgs/acme/budgets/team.yaml": nil, "orgs/acme/members.yaml": nil])
        #expect(try scene.charter("apply").code == 1)
        #expect(try status().contains("! Git's \(held.prefix(10)) of unit default asks for "))
        let bad = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        #expect(try scene.charter("apply").code == 1)
        #expect(try status().contains("! Git's \(bad.prefix(10)) of unit default is no state: it was rejected"))
    }

    @Test func `a second apply of the same commit writes nothing of what it asks for anew`() throws {
        let before = try scene.sql("SELECT xmin::text FROM charter.unit")
        #expect(try scene.charter("apply").code == 0)
        #expect(try scene.sql("SELECT xmin::text FROM charter.unit") == before)
    }

    @Test func `a gateway that is behind, differs or is silent is named with what it has`() throws {
        try gateway("slow", 1)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        try gateway("odd", 2, String(repeating: "7", count: 64))
        try gateway("gone", 2)
        try scene.sql("UPDATE charter.gateway SET reported_at = now() - interval '1 minute' WHERE id = 'gone'")
        let text = try status()
        #expect(text.contains("! gateway slow enforces revision 1, of 2, since 2"), "\(text)")
        #expect(text.contains("! gateway odd calls 7777777777777777 what was applied as revision 2 with "), "\(text)")
        #expect(text.contains("! gateway gone is silent since 2"), "\(text)")
    }
}
