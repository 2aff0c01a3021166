import Testing

@testable import Spec

struct LiteLLMTableTests {
    private func model(_ fields: String) throws -> ModelCatalog.Model {
        let scene = try ImportScene.litellm(fields)
        #expect(scene.errors == [])
        return try #require(scene.models["acme/m"])
    }

    private func price(_ text: String) throws -> PicoUSDPerMillion { try PicoUSDPerMillion.parse(text) }

    // MARK: Names of prices

    @Test(
        arguments: [
            ("input_cost_per_token", "input", nil, nil),
            ("output_cost_per_token_batches", "output", "batch", nil),
            ("input_cost_per_token_above_200k_tokens", "input", nil, 200_000),
            ("input_cost_per_token_above_200_tokens", "input", nil, 200),
            ("cache_read_input_token_cost_above_272k_tokens_priority", "cacheRead", "priority", 272_000),
            ("input_cost_per_token_priority_above_200k_tokens", "input", "priority", 200_000),
            ("cache_creation_input_token_cost_above_1hr_above_200k_tokens", "cache-write-1h", nil, 200_000),
            ("output_cost_per_image_0.5K", "image-0-5k", nil, nil),
            ("output_cost_per_second_1080p", "second-output-1080p", nil, nil),
            ("ocr_cost_per_page_batches", "page", "batch", nil),
        ] as [(String, String, String?, Int64?)])
    func `a field's name says meter, tier and size`(field: String, meter: String, tier: String?, above: Int64?) {
        #expect(LiteLLMPrice(field)?.place == PricePlace(meter, tier: tier, above: above))
    }

    @Test(arguments: [
        "input_cost_per_token_decisions", "input_cost_per_token_above_tokens", "input_cost_per_token_above_0k_tokens",
        "input_cost_per_video_per_second_above_15s_interval", "max_tokens", "input_cost_per_token_above_k_tokens", "",
        "_batches", "input_cost_per_token_batches_flex",
    ])
    func `a name that is only half understood is none`(field: String) {
        #expect(LiteLLMPrice(field) == nil)
    }

    @Test func `meters are ones that the language takes`() {
        for (meter, _) in LiteLLMPrice.meters.values { #expect(Meter.accepts(meter), "\(meter)") }
    }

    // MARK: Prices

    @Test func `prices are exact, for a million tokens or for one image`() throws {
        let meters = try model(
            #""input_cost_per_token": 1.25e-06, "output_cost_per_token": 1.3e-10, "output_cost_per_image": 0.04"#
        )
        .prices[0].meters
        #expect(meters[.input] == (try price("1.25 USD/M")))
        #expect(meters[.output] == (try price("0.00013 USD/M")))
        #expect(meters[.image] == (try price("0.04 USD")))
    }

    @Test func `noise of floating point is rounded and listed with what is kept`() throws {
        let scene = try ImportScene.litellm(#""input_cost_per_token": 1.6000000000000001e-06"#)
        #expect(scene.models["acme/m"]?.prices[0].meters[.input] == (try price("1.6 USD/M")))
        let item = try #require(scene.table.report[.rounded].first)
        #expect(item.pointer == "/input_cost_per_token")
        #expect(item.value == "1.6000000000000001e-06")
        #expect(item.detail == "1.6 USD/M")
    }

    @Test func `sizes and tiers become steps and tiers`() throws {
        let list = try model(
            #"""
            "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06,
            "input_cost_per_token_batches": 1e-06, "input_cost_per_token_above_200k_tokens_batches": 2e-06
            """#
        ).prices[0]
        #expect(list.above.map(\.input) == [200_000])
        #expect(list.above[0].meters[.input] == (try price("4 USD/M")))
        #expect(list.tiers["batch"]?.meters[.input] == (try price("1 USD/M")))
        #expect(list.tiers["batch"]?.above[0].meters[.input] == (try price("2 USD/M")))
    }

    @Test func `ranges become plain prices and steps beyond their lower ends`() throws {
        let scene = try ImportScene.litellm(
            #"""
            "tiered_pricing": [
                {"input_cost_per_token": 5e-08, "range": [0, 256000.0]},
                {"input_cost_per_token": 2.5e-07, "range": [256000.0, 1000000.0]}]
            """#)
        let list = try #require(scene.models["acme/m"]?.prices.first)
        #expect(list.meters[.input] == (try price("0.05 USD/M")))
        #expect(list.above.map(\.input) == [256_000])
        #expect(list.above[0].meters[.input] == (try price("0.25 USD/M")))
        #expect(scene.reasons.contains("tier-end /tiered_pricing/1/range/1"))
    }

    @Test func `three equal prices of a search are one meter, and others are three`() throws {
        let search =
            #""search_context_size_low": 0.01, "search_context_size_medium": 0.01, "search_context_size_high":"#
        let same = try model(#""search_context_cost_per_query": {\#(search) 0.010}"#).prices[0].meters
        #expect(same == [Meter(rawValue: "search-query"): try price("0.01 USD")])
        let different = try model(#""search_context_cost_per_query": {\#(search) 0.02}"#).prices[0].meters
        #expect(
            Set(different.keys.map(\.rawValue)) == ["search-query-low", "search-query-medium", "search-query-high"])
    }

    @Test(arguments: [
        (#""input_cost_per_token": -1e-06"#, "negative /input_cost_per_token"),
        (#""input_cost_per_token": 10"#, "too-large /input_cost_per_token"),
        (#""input_cost_per_token": "1e-06""#, "not-a-number /input_cost_per_token"),
        (#""input_cost_per_token": null"#, "empty /input_cost_per_token"),
        (#""input_cost_per_token": {"low": 1}"#, "not-a-number /input_cost_per_token/low"),
        (#""cost_per_moon_phase": 1"#, "unknown-price /cost_per_moon_phase"),
        (#""input_dbu_cost_per_token": 1e-06"#, "other-currency /input_dbu_cost_per_token"),
        (#""regional_endpoint_uplift_multiplier": 1.1"#, "regional /regional_endpoint_uplift_multiplier"),
        (#""off_peak_pricing": {"input_cost_per_token": 1e-07}"#, "off-peak /off_peak_pricing/input_cost_per_token"),
        (#""search_free_requests": {"count": 1500}"#, "allowance /search_free_requests/count"),
        (
            #""tiered_pricing": [{"input_cost_per_query": 1, "max_results_range": [0, 5]}]"#,
            "other-measure /tiered_pricing/0/input_cost_per_query"
        ),
        (#""input_cost_per_token_decisions": 1e-07"#, "other-measure /input_cost_per_token_decisions"),
        (#""max_input_tokens": 0"#, "empty /max_input_tokens"),
        (#""max_output_tokens": 0.5"#, "not-understood /max_output_tokens"),
        (#""rpm": 1000.0"#, "provider-limit /rpm"), (#""a/b~c": 1"#, "no-field /a~1b~0c"),
        (#""deprecation_date": "soon""#, "not-understood /deprecation_date"),
        (#""source": "a\u0007b""#, "not-understood /source"),
        (#""supports_": true"#, "no-field /supports_"),
        (
            #""supported_endpoints": ["/v1/\#(String(repeating: "x", count: 90))"]"#,
            "not-understood /supported_endpoints/0"
        ), (#""mode": "\#(String(repeating: "x", count: 90))""#, "not-understood /mode"),
        (#""supported_modalities": []"#, "empty /supported_modalities"),
    ])
    func `what cannot be carried is listed with its place`(fields: String, reason: String) throws {
        let scene = try ImportScene.litellm(fields)
        #expect(scene.errors == [])
        #expect(scene.reasons.contains(reason), "\(scene.reasons)")
    }

    @Test func `of two prices for the same the second is listed`() throws {
        let scene = try ImportScene.litellm(
            #""cache_read_input_token_cost": 1e-07, "input_cost_per_token_cache_hit": 2e-07"#)
        #expect(scene.models["acme/m"]?.prices[0].meters[.cacheRead] == (try price("0.1 USD/M")))
        #expect(scene.table.report[.conflict].map(\.detail) == ["0.1 USD/M"])
        let same = try ImportScene.litellm(
            #""cache_read_input_token_cost": 1e-07, "input_cost_per_token_cache_hit": 0.0000001"#)
        #expect(same.table.report[.conflict].isEmpty)
    }

    @Test(arguments: [
        ("", "unpriced "), (#""input_cost_per_token": 0"#, "free "), (#""output_cost_per_second": 0.1"#, "uncounted "),
        (#""output_cost_per_second": 0.1"#, "not-metered /output_cost_per_second"),
    ])
    func `a model that no budget can hold is named`(fields: String, reason: String) throws {
        #expect(try ImportScene.litellm(fields).reasons.contains(reason))
    }

    // MARK: Facts

    @Test func `sizes, modes, modalities, endpoints, flags and dates are carried in the language's words`() throws {
        let model = try model(
            #"""
            "mode": "image_generation", "max_input_tokens": 128000, "max_output_tokens": 4096.0,
            "supported_modalities": ["text", "image"], "supported_output_modalities": ["image"],
            "supported_endpoints": ["/v1/chat/completions", "/v1/batch"], "deprecation_date": "2027-03-30",
            "supports_function_calling": true, "supports_vision": true, "supports_web_search": false
            """#)
        #expect(model.mode == "image-generation")
        #expect(model.maxInput == 128_000)
        #expect(model.maxOutput == 4096)
        #expect(model.context == nil)
        #expect(model.modalities == ModelCatalog.Modalities(input: ["image", "text"], output: ["image"]))
        #expect(model.endpoints.sorted() == ["batches", "chat.completions"])
        #expect(model.deprecated?.text == "2027-03-30")
        #expect(model.capabilities.sorted() == ["tools", "vision"])
    }

    @Test func `where a fact came from is a comment`() throws {
        let scene = try ImportScene.litellm(#""source": "https://example.com/prices#now""#)
        #expect(scene.table.catalogs[0].text.contains("      # https://example.com/prices#now\n"))
        #expect(scene.errors == [])
    }

    // MARK: Names

    @Test(arguments: [
        ("gemini/gemini-2.5-pro", "gemini", "gemini-2.5-pro"), ("gpt-5", "openai", "gpt-5"),
        ("vertex_ai/claude-opus-4-7", "vertex_ai-anthropic_models", "claude-opus-4-7"),
        ("amazon-nova/nova-lite", "amazon_nova", "nova-lite"),
        ("high/1024-x-1024/gpt-image-1", "openai", "high/1024-x-1024/gpt-image-1"),
        ("together_ai/meta-llama/Llama-3", "together_ai", "meta-llama/Llama-3"), ("openai/", "openai", "openai/"),
    ])
    func `the provider is not said twice`(key: String, provider: String, name: String) {
        #expect(LiteLLMTable.nameWithoutProvider(key, provider) == name)
    }

    @Test func `a name outside the grammar is changed, listed, and kept as what the provider calls it`() throws {
        let scene = try ImportScene(#"{"acme/@cf/x y@1": {"litellm_provider": "acme"}}"#, .litellmPrices)
        #expect(scene.errors == [])
        #expect(scene.models["acme/cf/x-y-1"]?.upstreamName == "@cf/x y@1")
        #expect(scene.table.report[.renamed].map(\.detail) == ["cf/x-y-1"])
    }

    @Test func `an entry without a usable name or provider is listed whole`() throws {
        let scene = try ImportScene(
            #"""
            {"": {"litellm_provider": "acme", "rpm": 1}, "///": {"litellm_provider": "acme", "rpm": 1},
             "a": {"litellm_provider": "No Such", "rpm": 1}, "b": {"rpm": 1}, "c": 7, "sample_spec": {"rpm": 1}}
            """#, .litellmPrices)
        #expect(scene.table.modelCount == 0)
        #expect(scene.table.report.items.count { $0.pointer == "/rpm" } == 5)
        #expect(scene.reasons.contains("no-provider "))
        #expect(scene.table.report[.notAModel].count == 1)
    }

    @Test func `the same model under two names is there once, and of two that differ the one with its provider's name`()
        throws
    {
        func table(_ second: String) throws -> ImportScene {
            try ImportScene(
                #"""
                {"m": {"litellm_provider": "acme", "input_cost_per_token": 1e-06},
                 "acme/m": {"litellm_provider": "acme", "input_cost_per_token": \#(second), "source": "https://example.com"}}
                """#, .litellmPrices)
        }
        let same = try table("0.000001")
        #expect(same.errors == [] && same.models.count == 1)
        #expect(same.table.report[.sameModel].map(\.entry) == ["m"])
        let different = try table("2e-06")
        #expect(different.errors == [])
        #expect(different.models["acme/m"]?.prices[0].meters[.input] == (try price("2 USD/M")))
        #expect(
            different.table.report[.nameTaken].map { $0.entry + $0.pointer } == [
                "m/litellm_provider", "m/input_cost_per_token",
            ])
    }

    @Test(arguments: ["", "[]", "{}", "{\"a\": 1}", "7", "{\"openai\": {\"models\": {}}}"])
    func `another text is refused`(text: String) {
        #expect(throws: ImportProblem.self) { try ImportScene(text, .litellmPrices) }
    }

    @Test func `a text that is no JSON is refused with its line`() {
        let problem = #expect(throws: ImportProblem.self) { try ImportScene("{\n  \"a\": nope\n}", .litellmPrices) }
        #expect(problem?.description == "it is not JSON: a value is expected (line 2, column 8)")
    }
}
