import Crypto
import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Changes that say what a resource is to be, and what their callers saw.
@Suite struct DeclaredChangeTests {
    private static let team = ResourceKey(org: "acme", kind: .budget, name: "team")

    /// As a file of its own declares it.
    private func canonical(_ key: ResourceKey, _ text: String) throws -> String {
        try #require(Specification.load([SourceFile(path: "orgs/acme/one.yaml", bytes: Array(text.utf8))]).resources[key]).canonical
    }

    @Test func `a declared resource is edited, its comments kept, and one that is not is added in its usual file`() throws {
        let it = try WriteBackScene()
        let wanted = WriteBackScene.teamText.replacing("100 USD/month", with: "5 USD/month")
        let lab = ResourceKey(org: "acme", kind: .project, name: "lab")
        let id = try it.ask(
            ChangePatch([
                .declare(Self.team, canonical: canonical(Self.team, wanted)), .declare(lab, canonical: canonical(lab, Declared.project("lab", "Lab"))),
            ]))
        try it.until(id, .enforced, from: it.scene.start("watch"))
        #expect(try it.file() == wanted)
        #expect(try it.file("orgs/acme/projects/lab.yaml").contains("displayName: Lab"))
        #expect(try it.scene.repository.git("rev-list", "--count", "main") == "2")
    }

    @Test func `what folders give does not keep a resource from being what is declared`() throws {
        let it = try WriteBackScene(files: [
            "orgs/acme/_defaults.yaml": "apiVersion: charter/v1\nkind: Budget\nspec: { soft: 5 USD/month }\n"
        ])
        let ops = ResourceKey(org: "acme", kind: .budget, name: "ops")
        let wanted = try canonical(ops, Declared.budget("ops", hard: "7 USD/month"))
        let watch = try it.scene.start("watch")
        try it.until(it.ask(ChangePatch([.declare(ops, canonical: wanted)])), .enforced, from: watch)
        #expect(try it.scene.sql("SELECT canonical FROM charter.resource WHERE name = 'ops'") == [wanted])
    }

    @Test func `several steps for one resource come to the last of them`() throws {
        let it = try WriteBackScene()
        let wanted = try canonical(Self.team, WriteBackScene.teamText.replacing("100 USD/month", with: "5 USD/month"))
        let hard = ChangePatch.FieldOperation(pointer: "/spec/hard", value: #""9 USD/month""#)
        let watch = try it.scene.start("watch")
        try it.until(it.ask(ChangePatch([.edit(Self.team, [hard]), .declare(Self.team, canonical: wanted)])), .enforced, from: watch)
        #expect(try it.file().contains("hard: 5 USD/month   # with finance"))
        try it.until(it.ask(ChangePatch([.remove(Self.team), .declare(Self.team, canonical: wanted)])), .enforced, from: watch)
        #expect(try it.scene.sql("SELECT canonical FROM charter.resource WHERE name = 'team'") == [wanted])
        #expect(try !it.file().contains("with finance"))
    }

    @Test func `what is no canonical text, or would be a mistake, is refused`() throws {
        let it = try WriteBackScene()
        let (watch, tip) = (try it.scene.start("watch"), try it.tip)
        for (text, reason) in [
            ("{", "cannot be read"), (#"{"spec":{"hard":"7 dollars"}}"#, "cannot be read"),
            (#"{"spec":{"hard":"5 USD/month","for":{"organization":true}}}"#, "not in canonical form"),
            (#"{"spec":{"for":{"project":"nowhere"},"hard":"5 USD/month"}}"#, "nowhere"),
        ] {
            let refused = try it.until(it.ask(ChangePatch([.declare(Self.team, canonical: text)])), .refused, from: watch)
            #expect(refused.reason?.contains(reason) == true, "\(text): \(refused.reason ?? "")")
        }
        #expect(try it.tip == tip)
    }

    @Test func `a change of what its caller saw is made, and of what is something else by now is not`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (before, after) = (
            try canonical(Self.team, WriteBackScene.teamText),
            try canonical(Self.team, WriteBackScene.teamText.replacing("100 USD/month", with: "5 USD/month"))
        )
        let patch = ChangePatch([.declare(Self.team, canonical: after)], expected: [Self.team: SHA256.digest(before).hex])
        try it.until(it.ask(patch), .enforced, from: watch)
        let tip = try it.tip
        for expected: [ResourceKey: String?] in [
            patch.expected, [Self.team: nil], [ResourceKey(org: "acme", kind: .budget, name: "gone"): SHA256.digest(before).hex],
        ] {
            let late = try it.until(it.ask(ChangePatch([.remove(Self.team)], expected: expected)), .refused, from: watch)
            #expect(late.reason?.hasPrefix("changed meanwhile: ") == true, "\(late.reason ?? "")")
        }
        #expect(try it.tip == tip)
    }
}
