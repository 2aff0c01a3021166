import Testing

@testable import Spec

struct ModelsDevTableTests {
    private func model(_ fields: String) throws -> ModelCatalog.Model {
        let scene = try ImportScene.modelsDev(fields)
        #expect(scene.errors == [])
        return try #require(scene.models["acme/m"])
    }

    private func price(_ text: String) throws -> PicoUSDPerMillion { try PicoUSDPerMillion.parse(text) }

    @Test func `names, limits, modalities, flags and labels are carried`() throws {
        let model = try model(
            #"""
            "name": "The M", "family": "em", "status": "beta", "tool_call": true, "reasoning": false,
            "interleaved": {"field": "reasoning_content"}, "limit": {"context": 400000, "input": 272000, "output": 128000},
            "modalities": {"input": ["text", "pdf"], "output": ["text"]}
            """#)
        #expect(model.displayName == "The M")
        #expect(model.labels == ["family": "em", "status": "beta"])
        #expect(model.capabilities.sorted() == ["interleaved-reasoning", "tools"])
        #expect((model.context, model.maxInput, model.maxOutput) == (400_000, 272_000, 128_000))
        #expect(model.modalities == ModelCatalog.Modalities(input: ["pdf", "text"], output: ["text"]))
    }

    @Test func `prices for a million tokens are exact`() throws {
        let meters = try model(#""cost": {"input": 1.25, "output": 10, "cache_read": 0.125, "input_audio": 0.0000001}"#)
            .prices[0].meters
        #expect(meters[.input] == (try price("1.25 USD/M")))
        #expect(meters[.output] == (try price("10 USD/M")))
        #expect(meters[.cacheRead] == (try price("0.125 USD/M")))
        #expect(meters[Meter(rawValue: "audio-input")] == (try price("0.0000001 USD/M")))
    }

    @Test func `the older form of a tier beside the newer is its copy, and alone is of 200k`() throws {
        let tier = #"{"input": 10, "tier": {"type": "context", "size": 272000}}"#
        let both = try ImportScene.modelsDev(
            #""cost": {"input": 5, "context_over_200k": {"input": 10}, "tiers": [\#(tier)]}"#)
        #expect(both.models["acme/m"]?.prices[0].above.map(\.input) == [272_000])
        #expect(both.table.report[.conflict].isEmpty)
        let alone = try model(#""cost": {"input": 5, "context_over_200k": {"input": 10}}"#)
        #expect(alone.prices[0].above.map(\.input) == [200_000])
        let other = try ImportScene.modelsDev(
            #""cost": {"input": 5, "context_over_200k": {"input": 11}, "tiers": [\#(tier)]}"#)
        #expect(other.table.report[.conflict].count == 1)
    }

    @Test func `a tier by another measure is listed`() throws {
        let scene = try ImportScene.modelsDev(
            #""cost": {"input": 5, "tiers": [{"input": 10, "tier": {"type": "hour", "size": 3}}]}"#)
        #expect(scene.errors == [])
        #expect(scene.reasons.contains("other-measure /cost/tiers/0/input"))
    }

    @Test func `prices of a mode are those of the service tier that its requests ask for`() throws {
        let list = try model(
            #"""
            "cost": {"input": 1}, "experimental": {"modes": {
                "fast": {"cost": {"input": 2}, "provider": {"body": {"service_tier": "priority"}}},
                "slow": {"cost": {"input": 0.5}}}}
            """#
        ).prices[0]
        #expect(list.tiers["priority"]?.meters[.input] == (try price("2 USD/M")))
        #expect(list.tiers["slow"]?.meters[.input] == (try price("0.5 USD/M")))
    }

    @Test func `catalog json has the same under providers, and lists the models that nobody serves`() throws {
        let scene = try ImportScene(
            #"""
            {"models": {"acme/m": {"name": "M"}},
             "providers": {"acme": {"models": {"m": {"name": "M", "cost": {"input": 1}}}}}}
            """#, .modelsDev)
        #expect(scene.errors == [])
        #expect(scene.models.count == 1)
        #expect(scene.table.report[.noProvider].map(\.entry) == ["models/acme/m"])
    }

    @Test(arguments: ["{}", "[]", #"{"gpt-5": {"name": "GPT-5"}}"#, #"{"models": {"m": {"name": "M"}}}"#])
    func `another text is refused`(text: String) {
        #expect(throws: ImportProblem.self) { try ImportScene(text, .modelsDev) }
    }
}
