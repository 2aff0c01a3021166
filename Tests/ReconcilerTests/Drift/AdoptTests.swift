import Foundation
import Reconciler
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// The real `charter drift adopt`, and the real `charter watch` that makes commits of it, by itself too.
@Suite struct AdoptTests {
    struct Hand: CustomTestStringConvertible, Sendable {
        var statement: String
        var resource: String
        /// What the file of the branch says of it after the merge.
        var declared: String?
        var testDescription: String { statement }
    }

    private static let raised = "UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'"
    private static let hands = [
        Hand(statement: raised, resource: "acme/Budget/team", declared: "  hard: 900 USD/month   # with finance"),
        Hand(statement: "DELETE FROM charter.resource WHERE name = 'team'", resource: "acme/Budget/team", declared: nil),
        Hand(
            statement:
                "INSERT INTO charter.resource SELECT org, kind, 'ghost', gen_random_uuid(), canonical, digest, revision, unit FROM charter.resource WHERE name = 'team'",
            resource: "acme/Budget/ghost", declared: "  hard: 100 USD/month   # with finance"),
    ]

    private func found(_ resource: String, _ it: WriteBackScene, _ watch: Subprocess) throws {
        try eventually(within: .seconds(60), "the finding: \(watch.errors)") {
            try it.connection.transaction { try DriftFindings.present($0) }.contains { $0.resource == resource }
        }
    }

    private func adopt(_ resource: String, _ it: WriteBackScene, _ more: String...) throws -> Subprocess.Outcome {
        try it.scene.charter(["drift", "adopt", resource, "--as", "acme/ada", "--reason", "the night", "--wait", "60s"] + more)
    }

    private func rows(_ it: WriteBackScene) throws -> [String] {
        try it.scene.sql("SELECT concat_ws('|', org, kind, name, uid, canonical) FROM charter.resource ORDER BY 1")
    }

    private func requests(_ it: WriteBackScene) throws -> [ChangeRequest] {
        try it.connection.transaction { try ChangeRequests.list($0, .everything, limit: 100) }
    }

    /// Waits for scans that began after now.
    private func scans(_ it: WriteBackScene, _ watch: Subprocess) throws {
        for _ in 1...2 {
            let last = try it.scene.sql("SELECT at FROM charter.drift_scan")
            try eventually(within: .seconds(60), "a scan: \(watch.errors)") { try it.scene.sql("SELECT at FROM charter.drift_scan") != last }
        }
    }

    private func revision(_ number: Int, _ it: WriteBackScene, _ watch: Subprocess) throws {
        try eventually(within: .seconds(60), "revision \(number): \(watch.errors)") {
            try it.scene.sql("SELECT max(id) FROM charter.revision") == ["\(number)"]
        }
    }

    @Test(arguments: hands)
    func `what a hand did is proposed, stays while other commits are applied, and is as declared after the merge`(hand: Hand) throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }")
        let watch = try it.scene.start("watch", "--drift-interval", "100ms")
        try it.scene.sql(hand.statement)
        try found(hand.resource, it, watch)
        let said = try adopt(hand.resource, it)
        #expect(said.code == 0 && said.output.contains("Proposed as "), "\(said) \(watch.errors)")
        let request = try #require(try requests(it).first)
        #expect(request.asked.title == "Adopt drift of \(hand.resource)" && request.asked.purpose.hasPrefix("the night\n"))
        let branch = try #require(request.branch)
        #expect(try it.scene.charter("drift").output.contains("adoption proposed on branch \(branch)"))

        let hands = try rows(it)
        try it.scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try revision(2, it, watch)
        #expect(try rows(it).filter { !$0.contains("|two|") } == hands)
        let again = try adopt(hand.resource, it, "--json")
        #expect(again.code == 0 && again.output.contains(#""repeated":true"#), "\(again)")
        #expect(try requests(it).map(\.uid) == [request.uid])

        try it.scene.repository.git("merge", "-q", "--no-ff", "-m", "Merge", branch)
        try it.until(request.uid, .enforced, from: watch)
        try eventually(within: .seconds(60), "it is settled: \(watch.errors)") {
            try it.connection.transaction { try DriftFindings.list($0, .everything, limit: 9) }.map(\.state) == [.adopted]
        }
        #expect(try it.scene.charter("drift").code == 0)
        #expect(try it.scene.sql("SELECT charter.state_digest()") == it.scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"))
        let files = try it.scene.repository.git("ls-tree", "-r", "--name-only", "main", "orgs/acme/budgets")
        if hand.resource == "acme/Budget/ghost" {
            #expect(files.contains("ghost"))
        } else if let declared = hand.declared {
            #expect(try it.file().contains(declared))
        } else {
            #expect(files.isEmpty)
        }
    }

    @Test func `a finding whose proposal was merged without the change is open again`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }")
        let watch = try it.scene.start("watch", "--drift-interval", "100ms")
        try it.scene.sql(Self.raised)
        try found("acme/Budget/team", it, watch)
        #expect(try adopt("acme/Budget/team", it).code == 0)
        let request = try #require(try requests(it).first)
        try it.scene.repository.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "Not like that", #require(request.branch))
        try it.until(request.uid, .withdrawn, .enforced, from: watch)
        let findings = try it.connection.transaction { try DriftFindings.list($0, .everything, limit: 9) }
        #expect(findings.map(\.state) == [.open] && findings.first?.isBeingAdopted == false && findings.first?.adoption?.state == .withdrawn)
        try it.scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try eventually(within: .seconds(60), "the next commit puts it right: \(watch.errors)") {
            try it.connection.transaction { try DriftFindings.list($0, .everything, limit: 9) }.map(\.state) == [.reverted]
        }
    }

    @Test func `one field is adopted without the others of its row`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch", "--drift-interval", "100ms")
        try it.scene.sql(
            #"UPDATE charter.resource SET canonical = replace(canonical, '"hard":"100 USD/month"', '"hard":"900 USD/month","zone":"Europe/Berlin"') WHERE name = 'team'"#)
        try found("acme/Budget/team", it, watch)
        let said = try adopt("acme/Budget/team#/spec/zone", it)
        #expect(said.code == 0, "\(said) \(watch.errors)")
        let text = try it.file()
        #expect(text.contains("zone: Europe/Berlin") && text.contains("hard: 100 USD/month   # with finance"), "\(text)")
    }

    @Test func `what is asked for as a proposal goes to a branch of its own, though the member could write`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch", "--drift-interval", "100ms")
        try it.scene.sql(Self.raised)
        try found("acme/Budget/team", it, watch)
        let request = DriftAdoptRequest(
            subject: nil, terms: ChangeTerms(unit: ReconcileSession.defaultUnit, caller: "acme/ada"), tenancy: .organization("acme"), isProposal: true)
        let receipts = try request.run(it.connection)
        #expect(receipts.map(\.isRepeated) == [false])
        try it.until(#require(receipts.first).request.uid, .proposed, from: watch)
        #expect(try request.run(it.connection).map(\.isRepeated) == [true])
        #expect(
            try it.scene.sql("SELECT action FROM charter.audit WHERE action IN ('change.asked', 'drift.adoption_asked') ORDER BY sequence")
                == ["change.asked", "drift.adoption_asked"])
    }

    @Test func `a name that a hand gave is nothing that a file declares, and is refused`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch", "--drift-interval", "100ms")
        try it.scene.sql("UPDATE charter.resource SET name = 'renamed' WHERE name = 'team'")
        try found("acme/Budget/team", it, watch)
        let said = try adopt("acme/Budget/team", it)
        #expect(said.code == 1 && said.errors.contains("cannot be adopted") && said.errors.contains("charter drift revert"), "\(said)")
        #expect(try requests(it).isEmpty)
    }

    @Test func `in mode adopt watch asks once for each finding, in the name that the policy says, and no commit reverts it meanwhile`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }, driftFor: { Budget: adopt }, adoptAs: acme/ada")
        let watch = try it.scene.start("watch", "--drift-interval", "50ms")
        try it.scene.sql(Self.raised)
        try eventually(within: .seconds(60), "it is proposed: \(watch.errors)") { try requests(it).map(\.state) == [.proposed] }
        let first = try #require(try requests(it).first)
        #expect(first.asked.caller == "acme/ada" && first.asked.org == "acme")
        try it.scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try revision(2, it, watch)
        try scans(it, watch)
        #expect(try requests(it).map(\.uid) == [first.uid])
        #expect(try it.scene.sql("SELECT canonical LIKE '%900 USD%' FROM charter.resource WHERE name = 'team'") == ["t"])
        #expect(watch.errors.contains(" adoption_asked "))

        try it.scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '900 USD', '800 USD') WHERE name = 'team'")
        try eventually(within: .seconds(60), "the other value is proposed, and no other: \(watch.errors)") {
            try requests(it).map(\.state) == [.proposed, .withdrawn]
        }
        try it.scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '800 USD', '900 USD') WHERE name = 'team'")
        try eventually(within: .seconds(60), "the first value is proposed anew: \(watch.errors)") {
            try requests(it).map(\.state) == [.proposed, .withdrawn, .withdrawn]
        }
        #expect(try it.scene.charter("drift", "revert", "acme/Budget/team", "--as", "mira").code == 0)
        try eventually(within: .seconds(60), "it is put right: \(watch.errors)") { try it.scene.charter("drift").code == 0 }
        try scans(it, watch)
        #expect(try requests(it).map(\.state) == [.withdrawn, .withdrawn, .withdrawn])
        try eventually(within: .seconds(60), "no branch is left: \(watch.errors)") {
            try it.scene.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads/charter").isEmpty
        }
    }

    @Test func `mode adopt leaves a hand alone that writes yet another value again and again, with one finding and no proposal`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }, driftFor: { Budget: adopt }, adoptAs: acme/ada")
        let watch = try it.scene.start("watch", "--drift-interval", "50ms")
        try it.scene.sql(Self.raised)
        for round in 1...6 {
            try eventually(within: .seconds(60), "proposal \(round): \(watch.errors)") {
                let states = try requests(it).map(\.state)
                return states.count == round && states.first == .proposed && states.dropFirst().allSatisfy { $0 == .withdrawn }
            }
            try it.scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '\(900 + round - 1) USD', '\(900 + round) USD') WHERE name = 'team'")
        }
        try eventually(within: .seconds(60), "it is contested: \(watch.errors)") {
            try it.scene.sql("SELECT count(*) FROM charter.event WHERE type = 'drift.contested'") == ["1"]
        }
        try scans(it, watch)
        #expect(try requests(it).map(\.state) == Array(repeating: .withdrawn, count: 6))
        #expect(try it.scene.sql("SELECT state, contested_since IS NOT NULL FROM charter.drift_finding").count == 1)
        #expect(try it.scene.sql("SELECT count(*) FROM charter.event WHERE type = 'drift.contested'") == ["1"])
        #expect(watch.errors.contains(" contested "))
    }

    @Test func `a commit that touches the resource is what it declares, whatever was to be adopted`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }, driftFor: { Budget: adopt }, adoptAs: acme/ada")
        let watch = try it.scene.start("watch", "--drift-interval", "50ms")
        try it.scene.sql(Self.raised)
        try eventually(within: .seconds(60), "it is proposed: \(watch.errors)") { try requests(it).map(\.state) == [.proposed] }
        try it.scene.repository.commit([WriteBackScene.team: WriteBackScene.teamText.replacing("100 USD", with: "50 USD")])
        try revision(2, it, watch)
        #expect(try it.scene.sql("SELECT canonical LIKE '%\"50 USD/month\"%' FROM charter.resource WHERE name = 'team'") == ["t"])
        try eventually(within: .seconds(60), "it is settled: \(watch.errors)") {
            try it.connection.transaction { try DriftFindings.list($0, .everything, limit: 9) }.map(\.state) == [.reverted]
        }
    }

    @Test func `where nobody is named for it, mode adopt reports, and a commit puts it right`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }, driftFor: { Budget: adopt }")
        let watch = try it.scene.start("watch", "--drift-interval", "50ms")
        try it.scene.sql(Self.raised)
        try found("acme/Budget/team", it, watch)
        try scans(it, watch)
        #expect(try requests(it).isEmpty)
        try it.scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try revision(2, it, watch)
        #expect(try it.scene.sql("SELECT canonical LIKE '%100 USD%' FROM charter.resource WHERE name = 'team'") == ["t"])
    }
}
