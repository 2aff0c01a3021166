import Foundation
import Reconciler
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// The real `charter set`, `add` and `remove`, and the real `charter watch` that makes commits of them.
@Suite struct WriteBackTests {
    @Test func `what is asked for is carried out long before the next poll, also once a trouble with the database is over`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch", "--poll", "1h")
        try it.until(it.ask("hard=9 USD/month"), .enforced, from: watch)
        try it.scene.sql("ALTER TABLE charter.change_request RENAME TO change_request_away")
        // A commit makes it look, while nothing can be asked for.
        try it.scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try eventually(within: .seconds(60), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        try it.scene.sql("ALTER TABLE charter.change_request_away RENAME TO change_request")
        try it.until(it.ask("hard=8 USD/month"), .enforced, from: watch)
    }

    @Test func `set edits exactly one value, keeps the comments, and says the commit`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let said = try it.scene.charter(
            "set", "Budget", "team", "hard=400 USD/month", "--org", "acme", "--as", "ada", "--reason", "more people", "--wait", "60s")
        #expect(said.code == 0, "\(said.errors) \(watch.errors)")
        #expect(try said.output.contains("Applied as \(it.tip.prefix(10)), revision 2"))
        #expect(try it.file() == WriteBackScene.teamText.replacing("100 USD/month", with: "400 USD/month"))
        #expect(try it.scene.repository.git("log", "-1", "--format=%an <%ae>/%cn") == "ada <ada@example.com>/Charter")
        let message = try it.scene.repository.git("log", "-1", "--format=%B")
        #expect(message.contains("Set spec.hard of acme/Budget/team") && message.contains("more people") && message.contains("Charter-Change: "))
        #expect(try it.scene.sql("SELECT canonical::text LIKE '%400 USD/month%' FROM charter.resource WHERE name = 'team'") == ["t"])
        #expect(try it.actions() == ["change.asked", "change.committed"])
        #expect(
            try it.scene.sql("SELECT detail::json->>'operator' FROM charter.audit WHERE action = 'change.asked' AND actor = 'acme/ada'") == [Operator.name])
        #expect(try it.scene.sql("SELECT type FROM charter.event WHERE type LIKE 'change.%' ORDER BY id") == ["change.asked", "change.committed"])
        #expect(try it.scene.charter("changes", "list").output.contains("enforced"))
    }

    @Test func `what would be a mistake leaves the branch unmoved, and says where`() throws {
        let it = try WriteBackScene()
        let (watch, tip) = (try it.scene.start("watch"), try it.tip)
        let refused = try it.until(it.ask("hard=7 dollars"), .refused, from: watch)
        #expect(refused.place == "\(WriteBackScene.team):8:9")
        #expect(try it.tip == tip && it.actions() == ["change.asked", "change.refused"])
        let missing = try it.until(it.ask("hard=1 USD/day", of: "tem"), .refused, from: watch)
        #expect(missing.reason?.contains("did you mean team?") == true)
        let dangling = try it.until(it.ask(#"for={"project": "nowhere"}"#), .refused, from: watch)
        #expect(dangling.reason?.contains("nowhere") == true)
        #expect(try it.tip == tip)
    }

    @Test func `two who change one file at once both have their way, one after the other`() throws {
        let it = try WriteBackScene()
        let (first, second) = (try it.ask("hard=200 USD/month"), try it.ask("displayName=Found", of: "search", kind: .project))
        let third = try it.ask("zone=Europe/Berlin", as: "acme/ada")
        let watch = try it.scene.start("watch")
        for id in [first, second, third] { try it.until(id, .enforced, from: watch) }
        let text = try it.file()
        #expect(text.contains("hard: 200 USD/month   # with finance") && text.contains("zone: Europe/Berlin"))
        #expect(try it.scene.repository.git("rev-list", "--count", "main") == "4")
    }

    @Test func `the same call with the same key is one commit, and another call with it is refused`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        func set(_ amount: String) throws -> Subprocess.Outcome {
            try it.scene.charter(
                "set", "Budget", "team", "hard=\(amount)", "--org", "acme", "--as", "ada", "--idempotency-key", "k", "--wait", "60s", "--json")
        }
        #expect(try set("3 USD/month").code == 0, "\(watch.errors)")
        let again = try set("3 USD/month")
        #expect(again.code == 0 && again.output.contains(#""repeated":true"#))
        #expect(try it.scene.repository.git("rev-list", "--count", "main") == "2")
        let other = try set("4 USD/month")
        #expect(other.code == 1 && other.errors.contains("idempotency key"))
    }

    @Test func `callers without the right are refused by the rules applied`() throws {
        let it = try WriteBackScene(files: [
            "orgs/acme/viewer.yaml": Declared.member("vi", roles: "[viewer]"),
            "orgs/beta/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: beta }\nspec: { displayName: Beta }\n",
            "orgs/beta/members.yaml": Declared.member("eve", roles: "[admin]"),
        ])
        let (watch, tip) = (try it.scene.start("watch"), try it.tip)
        for (caller, reason) in [
            ("acme/vi", "config.write"), ("acme/nobody", "no member nobody"), ("beta/eve", "is not of beta"), ("ada", "is no member"),
        ] {
            let refused = try it.until(it.ask("hard=1 USD/month", as: caller), .refused, from: watch)
            #expect(refused.reason?.contains(reason) == true, "\(caller): \(refused.reason ?? "")")
        }
        #expect(try it.tip == tip)
    }

    @Test func `nothing is written where charter.yaml does not let it, or not there`() throws {
        let silent = try WriteBackScene(rules: "sync: auto")
        let first = try silent.until(silent.ask("hard=1 USD/month"), .refused, from: silent.scene.start("watch"))
        #expect(first.reason?.contains("writeBack") == true)
        let narrow = try WriteBackScene(rules: #"writeBack: { to: main, paths: ["orgs/acme/projects/**"] }"#)
        let watch = try narrow.scene.start("watch")
        #expect(try narrow.until(narrow.ask("hard=1 USD/month"), .refused, from: watch).reason?.contains("writeBack.paths") == true)
        try narrow.until(narrow.ask("displayName=Found", of: "search", kind: .project), .enforced, from: watch)
    }

    @Test func `who may only propose gets a branch, and its merge is what takes effect`() throws {
        let it = try WriteBackScene()
        let (watch, tip) = (try it.scene.start("watch"), try it.tip)
        let proposed = try it.until(it.ask("hard=9 USD/month", as: "acme/bo"), .proposed, from: watch)
        let branch = try #require(proposed.branch)
        #expect(branch == "charter/\(proposed.uid)")
        #expect(try it.tip == tip && it.file(at: branch).contains("hard: 9 USD/month   # with finance"))
        try it.scene.repository.git("update-ref", "refs/heads/main", #require(proposed.commit))
        #expect(try it.until(proposed.uid, .enforced, from: watch).revision == 2)
    }

    @Test func `nobody gives out rights that they do not have without others looking`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let request = try it.until(it.ask(#"roles=["system-admin"]"#, of: "bo", kind: .member), .proposed, from: watch)
        #expect(try request.branch != nil && !it.file("orgs/acme/members.yaml").contains("system-admin"))
    }

    @Test func `nobody makes of a right in one project one in the whole organization without others looking`() throws {
        let writer = "apiVersion: charter/v1\nkind: Role\nmetadata: { name: writer }\nspec: { permissions: [config.write] }\n"
        let member = "---\napiVersion: charter/v1\nkind: Member\nmetadata: { name: wim }\nspec:\n  email: wim@acme.example\n"
            + "  roles: [writer]\n  projects: { search: [admin] }\n"
        let it = try WriteBackScene(files: ["orgs/acme/wim.yaml": writer + member])
        let watch = try it.scene.start("watch")
        let wider = try it.ask(#"roles=["writer","admin"]"#, of: "wim", kind: .member, as: "acme/wim")
        #expect(try it.until(wider, .proposed, .enforced, .refused, from: watch).state == .proposed)
        // What changes nobody's rights is nobody else's affair.
        let other = try it.ask("displayName=Wim", of: "wim", kind: .member, as: "acme/wim")
        #expect(try it.until(other, .proposed, .enforced, .refused, from: watch).state == .enforced)
    }

    @Test(arguments: [
        (#"externalId="u-root""#, Kind.member, "bo"), (#"suspend={"until":"2999-01-01","reason":"x"}"#, .organization, "acme"),
    ]) func `who would be taken for somebody else, and who is suspended, is looked at by others`(field: String, kind: Kind, name: String) throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        guard kind == .organization else {
            let proposed = try it.until(it.ask(field, of: name, kind: kind), .proposed, from: watch)
            #expect(try !it.file("orgs/acme/members.yaml").contains("u-root") && proposed.branch != nil)
            return
        }
        try it.until(it.ask(field, of: name, kind: kind), .enforced, from: watch)
        #expect(try it.until(it.ask("hard=1 USD/month"), .refused, from: watch).reason == "acme is suspended")
    }

    @Test func `a second change through a mirror stands on the first`() throws {
        let it = try WriteBackScene()
        // Both are asked for before anybody carries them out; the second takes back what the first does.
        let (first, second) = (try it.ask("hard=400 USD/month"), try it.ask("hard=100 USD/month"))
        let watch = try it.scene.start("watch", "--repo", it.url)
        try it.until(first, .enforced, .committed, from: watch)
        try it.until(second, .enforced, from: watch)
        #expect(try it.file(WriteBackScene.team) == WriteBackScene.teamText)
        #expect(try it.scene.repository.git("rev-list", "--count", "main") == "3")
    }

    @Test func `add makes the usual file, and remove takes it away`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let file = it.scene.repository.root.appending(path: "new.yaml")
        try Data(Declared.project("lab", "Lab").utf8).write(to: file)
        let words = ["--org", "acme", "--as", "ada", "--wait", "60s"]
        let added = try it.scene.charter(["add", file.path] + words)
        #expect(added.code == 0 && added.output.contains("Applied"), "\(added.errors)\(added.output)\(watch.errors)")
        #expect(try it.file("orgs/acme/projects/lab.yaml") == Declared.project("lab", "Lab"))
        let again = try it.scene.charter(["add", "-f", file.path] + words)
        #expect(again.code == 1 && again.output.contains("declared already"))
        let removed = try it.scene.charter(["remove", "Project", "lab"] + words)
        #expect(removed.code == 0 && removed.output.contains("Applied"), "\(removed.errors)\(removed.output)")
        #expect(try it.scene.repository.git("ls-tree", "-r", "--name-only", "main", "orgs/acme/projects/lab.yaml").isEmpty)
    }

    @Test func `a change of too many fields is refused before it is kept`() throws {
        let it = try WriteBackScene()
        let fields = try (0...256).map { try FieldAssignment("metadata.labels.l\($0)=x") }
        let call = ChangeCall.edit(
            ResourceKey(org: "acme", kind: .budget, name: "team"), fields, by: ChangeTerms(unit: ReconcileSession.defaultUnit, caller: "acme/ada"))
        #expect(throws: ChangeRefused.self) { try call.run(it.connection) }
        #expect(try it.scene.sql("SELECT FROM charter.change_request").isEmpty)
    }

    @Test func `one that waits can be withdrawn, and one that is done cannot`() throws {
        let it = try WriteBackScene()
        let id = try it.ask("hard=1 USD/month")
        #expect(try it.scene.charter("changes", "withdraw", id, "--reason", "a slip").code == 0)
        #expect(try it.state(of: id).state == .withdrawn)
        let done = try it.ask("hard=2 USD/month")
        try it.until(done, .enforced, from: it.scene.start("watch"))
        #expect(try it.scene.charter("changes", "withdraw", done, "--reason", "too late").errors.contains("cannot be withdrawn"))
        #expect(try !it.file().contains(" 1 USD"))
        #expect(try it.scene.charter("changes", "show", "17").errors.contains("there is no change 17"))
    }

    @Test(arguments: ["", "file://"]) func `a repository with a work tree is not written to`(scheme: String) throws {
        let it = try WriteBackScene()
        let clone = it.scene.repository.root.appending(path: "clone").path
        try it.scene.repository.shell("git clone -q '\(it.scene.repository.path)' '\(clone)'")
        let watch = try it.scene.start("watch", "--repo", scheme + clone)
        #expect(try it.until(it.ask("hard=1 USD/month"), .refused, from: watch).reason?.contains("work tree") == true)
    }

    @Test func `a branch that a work tree beside a bare repository has checked out is not moved`() throws {
        let it = try WriteBackScene()
        let beside = it.scene.repository.root.appending(path: "beside").path
        try it.scene.repository.shell("git --git-dir '\(it.scene.repository.path)' worktree add -q '\(beside)' main")
        let (watch, tip) = (try it.scene.start("watch"), try it.tip)
        #expect(try it.until(it.ask("hard=1 USD/month"), .refused, from: watch).reason?.contains("git worktree list") == true)
        #expect(try it.tip == tip)
    }

    @Test func `a file that may be executed stays so`() throws {
        let it = try WriteBackScene()
        try it.scene.repository.shell("chmod +x '\(WriteBackScene.team)'")
        try it.scene.repository.commitAll()
        try it.until(it.ask("hard=1 USD/month"), .enforced, from: it.scene.start("watch"))
        #expect(try it.scene.repository.git("ls-tree", "main", WriteBackScene.team).hasPrefix("100755 "))
    }
}
