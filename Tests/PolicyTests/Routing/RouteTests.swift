import Policy
import Spec
import Testing

@Suite struct RouteTests {
    private static func route(_ spec: String) -> String {
        "apiVersion: charter/v1\nkind: RoutingPolicy\nmetadata: { name: mix }\nspec:\n\(spec)\n"
    }

    private func order(
        _ spec: String, draw: UInt64 = 0, facts: RouteFacts = RouteFacts(), key: String = "", request: RequestFacts = .chat("mix")
    ) throws -> [String] {
        let snapshot = try World(key: key, files: ["routes.yaml": Self.route(spec)]).snapshot()
        return snapshot.route(try snapshot.admit(request).get(), facts: facts, draw: draw).map(\.model.qualifiedName)
    }

    @Test func `weighted traffic follows the weights`() throws {
        let snapshot = try World().snapshot()
        let claim = try snapshot.admit(.chat("assistant")).get()
        var random = Seeded(state: 5)
        var first: [String: Int] = [:]
        let rounds = 20_000
        for _ in 0..<rounds {
            let order = snapshot.route(claim, draw: random.next())
            #expect(order.count == 3)
            #expect(order[2].model.qualifiedName == "openai/o3-pro" && order[2].isFallback)
            first[order[0].model.qualifiedName, default: 0] += 1
        }
        // Four standard deviations of a binomial with p = 0.8.
        let expected = Double(rounds) * 0.8
        let tolerance = 4 * (Double(rounds) * 0.8 * 0.2).squareRoot()
        #expect(abs(Double(first["openai/gpt-4o"] ?? 0) - expected) < tolerance)
    }

    @Test func `draws over the whole range split exactly by weight`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o, weight: 1 }, { model: vllm/llama, weight: 3 }]"
        #expect(try order(spec, draw: 0).first == "openai/gpt-4o")
        #expect(try order(spec, draw: UInt64.max / 4).first == "openai/gpt-4o")
        #expect(try order(spec, draw: UInt64.max / 4 + 1).first == "vllm/llama")
        #expect(try order(spec, draw: .max).first == "vllm/llama")
    }

    @Test func `the same draw gives the same order`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o }, { model: vllm/llama }, { model: vllm/free }, { model: openai/o3-pro }]\n  retry: { attempts: 4, on: [connect] }"
        for draw in [0, 1, UInt64.max / 3, .max] {
            let once = try order(spec, draw: draw)
            #expect(try order(spec, draw: draw) == once)
            #expect(Set(once).count == 4)
        }
    }

    @Test func `a target without weight is tried after the weighted ones`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o, weight: 0 }, { model: vllm/llama, weight: 1 }]"
        for draw in [0, UInt64.max / 2, .max] {
            #expect(try order(spec, draw: draw) == ["vllm/llama", "openai/gpt-4o"])
        }
    }

    @Test func `priority keeps the order of the file`() throws {
        let spec = "  strategy: priority\n  targets: [{ model: openai/o3-pro }, { model: vllm/llama }]"
        #expect(try order(spec, draw: .max) == ["openai/o3-pro", "vllm/llama"])
    }

    @Test func `cost tries the cheapest for this request first`() throws {
        let spec = "  strategy: cost\n  targets: [{ model: openai/o3-pro }, { model: openai/gpt-4o }, { model: vllm/llama }]\n  retry: { attempts: 5, on: [connect] }"
        #expect(try order(spec) == ["vllm/llama", "openai/gpt-4o", "openai/o3-pro"])
    }

    @Test func `unhealthy models come last, but come`() throws {
        let snapshot = try World().snapshot()
        let claim = try snapshot.admit(.chat("assistant")).get()
        let healthy = snapshot.route(claim, draw: 0)
        let facts = RouteFacts(unhealthyModels: [healthy[0].model.index])
        #expect(snapshot.route(claim, facts: facts, draw: 0).map(\.ordinal) == [1, 2, 0].map { healthy[$0].ordinal })
        let openai = try #require(snapshot.providers.first { $0.name == "openai" })
        let order = snapshot.route(claim, facts: RouteFacts(unhealthyProviders: [openai.index]), draw: 0)
        #expect(order.map(\.provider.name) == ["vllm", "openai", "openai"])
    }

    @Test func `a provider that cannot be called takes no one's place in the list`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o, weight: 99 }, { model: vllm/llama }]\n  retry: { attempts: 1, on: [connect] }"
        let snapshot = try World(files: ["routes.yaml": Self.route(spec)]).snapshot()
        let claim = try snapshot.admit(.chat("mix")).get()
        let openai = try #require(snapshot.providers.first { $0.name == "openai" })
        let vllm = try #require(snapshot.providers.first { $0.name == "vllm" })
        let facts = RouteFacts(unhealthyProviders: [vllm.index], unavailableProviders: [openai.index])
        #expect(snapshot.route(claim, facts: facts, draw: 0).map(\.provider.name) == ["vllm"])
        #expect(snapshot.route(claim, facts: RouteFacts(unavailableProviders: [vllm.index, openai.index]), draw: 0).isEmpty)
    }

    @Test func `attempts bound the list`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o }, { model: vllm/llama }]\n  fallback: [openai/o3-pro]\n  retry: { attempts: 1, on: [connect] }"
        #expect(try order(spec).count == 1)
    }

    @Test func `a denied model is never a target`() throws {
        let spec = "  targets: [{ model: openai/gpt-4o, weight: 99 }, { model: vllm/llama }]\n  fallback: [openai/o3-pro]"
        for draw in [0, UInt64.max / 2, .max] {
            #expect(try order(spec, draw: draw, key: "  models: { deny: [\"openai/*\"] }") == ["vllm/llama"])
        }
    }

    @Test func `a model asked for by name is its only target`() throws {
        #expect(try order("  targets: [{ model: vllm/llama }]", request: .chat("openai/gpt-4o")) == ["openai/gpt-4o"])
    }

    @Test func `prices change at their moment, and their version says which`() throws {
        let catalog = """
            apiVersion: charter/v1
            kind: ModelCatalog
            metadata: { name: extra }
            spec:
              provider: vllm
              models:
                timed:
                  prices:
                    - { meters: { input: 1 USD/M, output: 1 USD/M } }
                    - { effectiveFrom: 2026-10-01T00:00:00Z, meters: { input: 2 USD/M, output: 1 USD/M } }
            """
        let snapshot = try World(files: ["extra.yaml": catalog]).snapshot()
        let change = Instant(milliseconds: 1_790_812_800_000)
        func target(_ now: Instant) throws -> Target {
            try #require(snapshot.route(try snapshot.admit(.chat("vllm/timed"), now: now).get(), draw: 0).first)
        }
        let before = try target(change.adding(milliseconds: -1))
        let after = try target(change)
        #expect(before.cost(of: Usage(input: 1_000_000)) == NanoUSD(1_000_000_000))
        #expect(after.cost(of: Usage(input: 1_000_000)) == NanoUSD(2_000_000_000))
        #expect(before.priceVersion.hasPrefix("uid:-/ModelCatalog/extra@start"))
        #expect(after.priceVersion.hasPrefix("uid:-/ModelCatalog/extra@2026-10-01"))
    }
}
