import Foundation
import Reconciler
import Spec
import TestKit
import Testing

/// A reconciler that remembers what it applied reads and writes what a commit changes; it must come to what reading all comes to.
///
/// `CHARTER_APPLY_ROUNDS` does more of it; every failure names its seed and round.
@Suite struct RememberedApplyTests {
    static let rounds = ProcessInfo.processInfo.environment["CHARTER_APPLY_ROUNDS"].flatMap { Int($0) } ?? 12

    @Test(arguments: [1, 2, 3] as [UInt64]) func `many commits come to what the last of them declares`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let scene = try Scene()
        let remembering = try ReconcileSession(source: scene.source, database: scene.database, remembers: true)
        var planGuard = PlanGuard()
        planGuard.allowsMassDeletion = true
        var edits = RandomEdits(Declared.platform)
        for round in 0..<Self.rounds {
            let name = "seed \(seed), round \(round)"
            try scene.repository.replace(with: edits.next(using: &random))
            let outcome = try remembering.applyOnce(guardedBy: planGuard)
            guard case .planned(let plan, _) = try scene.plan() else {
                #expect(outcome.isRejected, "\(name): the whole has mistakes")
                continue
            }
            #expect(!outcome.isRejected, "\(name): \(outcome.text)")
            #expect(plan.isEmpty, "\(name): \(plan.text)")
            #expect(try scene.drift().drift.isEmpty, "\(name)")
            let revisions = try scene.sql("SELECT max(id) FROM charter.revision")
            // Places, too, are those that reading the whole finds.
            guard case .unchanged = try scene.apply(allowingMassDeletion: true) else {
                Issue.record("\(name): the whole apply found something to write")
                return
            }
            #expect(try scene.sql("SELECT max(id) FROM charter.revision") == revisions, "\(name)")
            #expect(
                try scene.sql("SELECT charter.state_digest()")
                    == scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"), "\(name)")
        }
    }

    @Test func `a hand edit of what a commit concerns is a conflict, also for one who remembers`() throws {
        let scene = try Scene()
        let remembering = try ReconcileSession(source: scene.source, database: scene.database, remembers: true)
        _ = try remembering.applyOnce(guardedBy: PlanGuard())
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "200 USD/month")])
        guard case .applied(let plan, _) = try remembering.applyOnce(guardedBy: PlanGuard()) else { throw Unexpected() }
        #expect(plan.text.contains("conflict"))
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `what stayed for want of pruning is not forgotten when the rules prune again`() throws {
        let scene = try Scene(Declared.platform.merging(["charter.yaml": GuardScene.charter("prune: false")]) { $1 })
        let remembering = try ReconcileSession(source: scene.source, database: scene.database, remembers: true)
        var planGuard = PlanGuard()
        planGuard.allowsMassDeletion = true
        _ = try remembering.applyOnce(guardedBy: planGuard)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": nil])
        _ = try remembering.applyOnce(guardedBy: planGuard)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE name = 'team'") == ["1"])
        try scene.repository.commit(["charter.yaml": GuardScene.charter("prune: true")])
        do {
            guard case .applied(let plan, _) = try remembering.applyOnce(guardedBy: planGuard) else { throw Unexpected() }
            #expect(plan.tally.deleted == 1, "\(plan.text)")
        } catch Trouble.humanMustConfirm(let blocked) {
            #expect(blocked.blocks.contains { $0.code == "G1013" }, "\(blocked.text)")
        }
    }

    @Test func `what somebody else applied in between is not taken for what was remembered`() throws {
        let scene = try Scene()
        let remembering = try ReconcileSession(source: scene.source, database: scene.database, remembers: true)
        _ = try remembering.applyOnce(guardedBy: PlanGuard())
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "200 USD/month")])
        try scene.apply()
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        guard case .applied(let plan, _) = try remembering.applyOnce(guardedBy: PlanGuard()) else { throw Unexpected() }
        #expect(plan.tally.updated == 1)
        #expect(try scene.sql("SELECT canonical LIKE '%200 USD/month%' FROM charter.resource WHERE name = 'team'") == ["t"])
    }
}

/// One commit after another on a small platform, some of them with mistakes, which the next ones mend.
struct RandomEdits {
    private var files: [String: String]
    private var broken: [String: String] = [:]
    private var count = 0

    init(_ files: [String: String]) { self.files = files }

    /// The whole tree of the next commit.
    mutating func next(using random: inout SplitMix) -> [String: String] {
        for path in broken.keys { files[path] = nil }
        broken = [:]
        for _ in 0...Int.random(in: 0..<3, using: &random) { edit(using: &random) }
        return files.merging(broken) { $1 }
    }

    private mutating func edit(using random: inout SplitMix) {
        count += 1
        let own = files.keys.filter { $0.hasPrefix("orgs/acme/made/") }.sorted()
        let some = own.randomElement(using: &random)
        switch (Int.random(in: 0..<10, using: &random), some) {
        case (0, let path?): files[path] = "# A comment moves what follows.\n" + files[path]!
        case (1, let path?): files[path] = nil
        case (2, let path?): files["orgs/acme/made/moved-\(count).yaml"] = files.removeValue(forKey: path)
        case (3, let path?):
            files[path] = files[path]!.replacing("displayName: ", with: "displayName: Edited\(count)")
        case (4, let path?):
            // Renamed, and kept.
            guard let name = files[path]!.firstMatch(of: #/metadata: \{ name: ([a-z0-9-]+)/#)?.1 else { return }
            files[path] = Self.project("renamed-\(count)", "Renamed", previously: String(name))
        case (5, _):
            files["orgs/acme/made/_defaults.yaml"] =
                "apiVersion: charter/v1\nkind: Project\nmetadata: { labels: { of: d\(count) } }\n"
        case (6, _): files["orgs/acme/made/_defaults.yaml"] = nil
        case (7, _):
            broken["orgs/acme/made/broken.yaml"] = """
                apiVersion: charter/v1
                kind: Budget
                metadata: { name: broken-\(count) }
                spec: { for: { project: nowhere }, hard: 1 USD/month }

                """
        case (8, _):
            files["orgs/acme/made/two-\(count).yaml"] =
                Declared.project("first-\(count)", "First") + "---\n" + Declared.project("second-\(count)", "Second")
        default: files["orgs/acme/made/p\(count).yaml"] = Declared.project("made-\(count)", "Made")
        }
    }

    private static func project(_ name: String, _ displayName: String, previously: String) -> String {
        Declared.project(name, displayName)
            .replacing("metadata: { name: \(name) }", with: "metadata: { name: \(name), previousNames: [\(previously)] }")
    }
}
