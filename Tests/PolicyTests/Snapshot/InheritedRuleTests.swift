import Policy
import Spec
import Testing

@Suite struct InheritedRuleTests {
    @Test func `a rule that a folder gives is named by the folder's file`() throws {
        let world = World(files: [
            "orgs/acme/_defaults.yaml": "apiVersion: charter/v1\nkind: APIKey\nspec:\n  models: { deny: [openai/gpt-4o] }\n"
        ])
        let snapshot = try world.snapshot()
        let refusal = try #require(
            snapshot.authenticate(World.digest(), now: World.start).flatMap { snapshot.authorize($0, .chat()) }.failure)
        #expect(refusal.code == .modelNotAllowed)
        #expect(refusal.rule?.resource.name == "checkout")
        #expect(refusal.rule?.origin?.path == "orgs/acme/_defaults.yaml")
        #expect(refusal.rule?.origin?.line == 4)
    }
}
