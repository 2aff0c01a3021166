import Foundation
import Reconciler
import TestKit
import Testing

struct PlanTextTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    private func plan() throws -> Plan {
        guard case .planned(let plan, _) = try scene.plan() else { throw Unexpected() }
        return plan
    }

    @Test func `each field has its value and place on both sides, and those that stay are counted`() throws {
        try scene.repository.commit([
            "orgs/acme/budgets/team.yaml": "# Why.\n" + Declared.budget("team", hard: "400 USD/month")
        ])
        let text = try plan().text
        #expect(text.contains("~ spec.hard  100 USD/month → 400 USD/month    orgs/acme/budgets/team.yaml:7:9 (was 6:9)"))
        #expect(text.contains("(1 unchanged field)"))
        #expect(text.contains("Symbols: ~ changed\n"))
    }

    @Test func `a deletion tells what became of its declaration`() throws {
        try scene.repository.commit([
            "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin]"), "orgs/acme/projects/search.yaml": nil,
        ])
        let text = try plan().text
        #expect(text.contains("because its document was taken out of orgs/acme/members.yaml"))
        #expect(text.contains("because the folder orgs/acme/projects is gone"))
    }

    @Test func `a deletion and a creation that look alike are told of each other`() throws {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("crew", hard: "100 USD/month")])
        let plan = try plan()
        #expect(plan.tally.created == 1 && plan.tally.deleted == 1)
        #expect(plan.text.contains("looks like acme/Budget/team, which is deleted; add previousNames: [team]"))
        #expect(plan.text.contains("perhaps acme/Budget/crew under its old name"))
    }

    @Test func `the digest names the changes, whichever commit asks for them`() throws {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "400 USD/month")])
        let first = try plan()
        try scene.repository.commit(["README.md": "more"])
        #expect(try plan().digest == first.digest)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "401 USD/month")])
        #expect(try plan().digest != first.digest)
    }

    @Test func `a comment shows drift, keeps what strangers wrote inert, and opens what is risky`() throws {
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil], message: "Drop [x](http://e.example) @all")
        let text = try scene.charter("plan", "--format", "markdown").output
        #expect(text.hasPrefix("<!-- charter plan default -->\n### Charter plan: "))
        #expect(text.contains("```diff\n! acme/Budget/team\n"))
        #expect(text.contains(#"\[x\](http://e.example) \@all"#))
        #expect(text.contains("<details open><summary><b>acme</b>: 1 removed, 1 of high risk</summary>"))
        #expect(text.contains("\n- acme/Project/search    was orgs/acme/projects/search.yaml:1:1"))
    }

    @Test func `a huge plan fits a comment, says what is left out, and leaves out the least risk`() throws {
        let many = (0..<2_000).map { Declared.project("p\($0)", "Project number \($0)") }.joined(separator: "---\n")
        try scene.repository.commit(["orgs/acme/more.yaml": many, "orgs/acme/projects/search.yaml": nil])
        let text = try plan().markdown()
        #expect(text.utf8.count < 60_000)
        #expect(text.utf8.count > 40_000)
        #expect(text.contains("of 2001 changes, those of the least risk: acme ("))
        #expect(text.contains("- acme/Project/search"))
    }

    @Test func `a comment names every reason and says how many more there are, however much is blocked`() throws {
        let many = (0..<2_000).map { Declared.project("p\($0)", "Project number \($0)") }.joined(separator: "---\n")
        try scene.repository.commit(["orgs/acme/more.yaml": many], message: "Z" + String(repeating: "\u{301}<", count: 20_000))
        var plan = try plan()
        plan.remarks = (0..<500).map { "note \($0) " + String(repeating: "*", count: 5_000) }
        let admins = (0..<500).map { number in
            GuardBlock.lastAdmin(org: "org-\(number)", left: [], min: 2, leaving: (0..<40).map { "admin_\(number)_\($0)" })
        }
        let members = (0..<500).map { GuardBlock.removedMembers(org: "org-\($0)", removed: 9, population: 10, shareMax: 5000) }
        let text = plan.markdown(blocks: admins + members + [.emptyRead(population: 7)])
        #expect(text.utf8.count < 60_000)
        #expect(["G1003", "G1005", "G1001"].allSatisfy { text.contains("> **Blocked \($0):**") }, "\(text.prefix(3000))")
        #expect(text.contains(#/\*\*Blocked\*\* for [0-9]{3} more reasons, which `charter plan` shows: G1003 [0-9]{3} times, G1005 500 times|499 times\./#))
        #expect(text.contains("> **Note:** and "))
        #expect(text.contains("of 2000 changes, those of the least risk: acme ("))
    }

    @Test func `annotations stand at the changed line, and no more than GitHub shows`() throws {
        let many = (0..<30).map { Declared.project("p\($0)", "P") }.joined(separator: "---\n")
        try scene.repository.commit([
            "orgs/acme/more.yaml": many, "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "400 USD/month"),
        ])
        let text = try plan().github()
        #expect(text.hasPrefix("::stop-commands::"))
        #expect(text.contains("::notice file=orgs/acme/budgets/team.yaml,line=6,col=9,title=changed%3A acme/Budget/team::"))
        #expect(text.components(separatedBy: "\n::notice ").count == 11)
        #expect(text.contains("21 of 31 have no annotation"))
    }

    @Test func `a plan is written to a file, of any commit, and an unknown format is a usage error`() throws {
        let first = try scene.repository.git("rev-parse", "HEAD")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(try scene.charter("plan", "--rev", first, "--detailed-exitcode").code == 0)
        let file = scene.repository.root.appending(path: "plan.json").path
        #expect(try scene.charter("plan", "--format", "json", "--output", file).output == "")
        let json = try String(contentsOfFile: file, encoding: .utf8)
        #expect(json.hasPrefix(#"{"format":1,"#))
        #expect(json.contains(#""reason":{"code":"folder_removed","#))
        #expect(try scene.charter("plan", "--format", "markdwon").errors.contains("did you mean markdown?"))
    }
}
