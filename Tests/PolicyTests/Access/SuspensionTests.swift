import Policy
import Spec
import Testing

@Suite struct SuspensionTests {
    private static let suspend = "suspend: { until: 2026-09-22T00:00:00Z, reason: under review }"

    /// World.start is in September 2026, before the end.
    private static let end = Instant(milliseconds: 1_790_035_200_000)

    private func refusal(_ world: World, at now: Instant = World.start) throws -> Refusal? {
        let snapshot = try world.snapshot()
        return snapshot.authenticate(World.digest(), now: now)
            .flatMap { snapshot.authorize($0, .chat()) }
            .flatMap { snapshot.claim($0, .chat(), now: now) }.failure
    }

    @Test func `a suspended key is refused until the end, by its own line and with the reason`() throws {
        let world = World(key: "  \(Self.suspend)")
        let found = try #require(try refusal(world))
        #expect(found.code == .suspended)
        #expect(found.message == "the API key is suspended: under review")
        #expect(found.rule?.field == "/spec/suspend")
        #expect(found.rule?.origin?.line == 8)
        #expect(found.resetsAt == Self.end)
        #expect(try refusal(world, at: Self.end) == nil)
    }

    @Test func `a suspension without an end holds until it is removed`() throws {
        let world = World(key: "  suspend: { reason: lost }")
        #expect(try refusal(world, at: Instant(milliseconds: 9_000_000_000_000))?.code == .suspended)
        #expect(try refusal(World()) == nil)
    }

    @Test(arguments: [
        ("orgs/acme/org.yaml", "metadata: { name: acme }\nspec: {}", "metadata: { name: acme }\nspec: { SUSPEND }"),
        ("orgs/acme/org.yaml", "roles: [developer] }", "roles: [developer], SUSPEND }"),
        ("platform.yaml", "spec: { type: openai, ", "spec: { SUSPEND, type: openai, "),
        ("platform.yaml", "  provider: openai\n", "  provider: openai\n  SUSPEND\n"),
    ]) func `what a key depends on suspends it too`(path: String, text: String, suspended: String) throws {
        var world = World()
        let file = try #require(world.files[path])
        try #require(file.contains(text))
        world.files[path] = file.replacing(text, with: suspended.replacing("SUSPEND", with: Self.suspend), maxReplacements: 1)
        #expect(try refusal(world)?.code == .suspended)
        #expect(try refusal(world, at: Self.end) == nil)
    }

    @Test func `a suspended route refuses its name, and a suspended provider leaves the other targets`() throws {
        let route = """
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: both }
            spec: { targets: [{ model: openai/gpt-4o-mini }, { model: vllm/llama }] SUSPEND }
            """
        var world = World(files: ["more.yaml": route.replacing("SUSPEND", with: ", \(Self.suspend)")])
        func claim(_ world: World) throws -> Result<Claim, Refusal> {
            let snapshot = try world.snapshot()
            let facts = RequestFacts.chat("both")
            return snapshot.authenticate(World.digest(), now: World.start).flatMap { snapshot.authorize($0, facts) }
                .flatMap { snapshot.claim($0, facts, now: World.start) }
        }
        #expect(try claim(world).failure?.code == .suspended)
        world.files["more.yaml"] = route.replacing("SUSPEND", with: "")
        world.files["platform.yaml"] = World.platform.replacing(
            "spec: { type: vllm, ", with: "spec: { \(Self.suspend), type: vllm, ")
        let targets = try claim(world).get()
        #expect(targets.snapshot.route(targets, draw: 7).map(\.model.qualifiedName) == ["openai/gpt-4o-mini"])
    }
}
