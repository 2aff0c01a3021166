import Foundation
import Gateway
import HTTP
import TestKit
import Testing

/// The metrics that a collector gets are an interface as the page is: docs/OPERATIONS.md names what differs.
@Suite struct MetricsExportTests {
    private struct Row: Equatable {
        var form: String
        var unit: String
        var attributes: Set<String>
    }

    @Test func `a collector gets the page's metrics, by the conventions' names where they have one`() throws {
        let collector = try TestCollector()
        let platform = try Platform(
            ["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")],
            configure: { $0.export(to: collector.port) { $0.traces = nil } })
        let client = TestClient(port: platform.port)
        for _ in 0..<3 { #expect(try client.chat().status == 200) }
        #expect(try client.chat("openai/gpt-4o-mini").status == 200)
        #expect(try client.send("POST", "/v1/embeddings", body: #"{"model":"openai/text-embedding-3-small","input":"one"}"#).status == 200)
        #expect(try client.chat("assistant", headers: ["x-simulate-status": "503"]).status == 502)
        _ = try platform.ledger(rows: 7)
        let points = try settled(collector) { points in points.contains { $0.metric == "charter_ledger_shipped_total" && $0.value >= 7 } }

        let page = try client.get("/metrics").text
        for point in points where point.metric == "charter_requests_total" {
            let labels = "{endpoint=\"\(point.attributes["endpoint"] ?? "")\",status=\"\(point.attributes["status"] ?? "")\"}"
            #expect(page.contains("charter_requests_total\(labels) \(Int(point.value))\n"), "\(labels)")
        }
        // The same sums, told by operation and model.
        for (type, name) in [("input", "input_tokens"), ("output", "output_tokens")] {
            for model in ["openai/gpt-4o", "openai/gpt-4o-mini", "openai/text-embedding-3-small"] {
                let point = points.filter { $0.metric == "gen_ai.client.inference.usage." + name && $0.attributes["charter.model"] == model }
                #expect(point.count == 1)
                #expect(page.contains("charter_tokens_total{model=\"\(model)\",type=\"\(type)\"} \(Int(point.first?.value ?? -1))\n"), "\(model) \(type)")
            }
        }
        let durations = points.filter { $0.metric == "gen_ai.server.request.duration" }
        #expect(page.contains("charter_request_duration_seconds_count \(Int(durations.reduce(0) { $0 + $1.value }))\n"))
        let mini = durations.filter { $0.attributes["charter.model"] == "openai/gpt-4o-mini" }
        #expect(mini.map(\.attributes.all) == [[
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini-2024",
            "charter.model": "openai/gpt-4o-mini",
        ]])
        #expect(mini.first?.value == 1 && (mini.first?.sum ?? 0) > 0)
        #expect(durations.contains { $0.attributes["gen_ai.operation.name"] == "embeddings" })
        let cost = try #require(points.first { $0.metric == "charter_cost_usd_total" && $0.attributes["model"] == "openai/gpt-4o-mini" })
        #expect(cost.value > 0 && cost.value < 1 && cost.unit == "{USD}")
        #expect(Set(points.map(\.start)).count == 1)
        #expect(try Set(collector.messages("/v1/metrics").flatMap { try TestCollector.points($0.body) }.map(\.start)).count == 1)
        // One sample for each set of attributes.
        let identities = points.map { "\($0.metric) \($0.attributes.all.sorted { $0.key < $1.key })" }
        #expect(Set(identities).count == identities.count)

        try hold(points, to: Self.documented(), Self.documentedPage())
    }

    @Test func `an answer that breaks off is told with its error`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.writePiece("a")
            exchange.end()
        }
        let platform = try Platform(
            beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.export(to: collector.port) { $0.traces = nil } })
        _ = try TestClient(port: platform.port).chat(stream: true)
        let points = try settled(collector) { $0.contains { $0.metric == "gen_ai.server.request.duration" } }
        #expect(points.filter { $0.metric == "gen_ai.server.request.duration" }.map { $0.attributes["error.type"] } == ["502"])
    }

    /// The newest message, once it is as it is to be.
    private func settled(_ collector: TestCollector, _ condition: ([TestCollector.Point]) -> Bool) throws -> [TestCollector.Point] {
        var points: [TestCollector.Point] = []
        try eventually(within: .seconds(20), "the metrics are there") {
            points = try collector.points()
            return condition(points)
        }
        return points
    }

    private func hold(_ points: [TestCollector.Point], to own: [String: Row], _ page: [String: Row]) throws {
        #expect(page.count > 25 && own.count == 6)
        for (name, points) in Dictionary(grouping: points, by: \.metric) {
            let labels = points.reduce(into: Set<String>()) { $0.formUnion($1.attributes.all.keys) }
            let known = own[name] ?? page[name]
            #expect(known?.form == points[0].form && (known?.attributes).map { labels.isSubset(of: $0) } ?? false, "\(name) \(points[0].form) by \(labels), documented as \(String(describing: known))")
            if let own = own[name] { #expect(own.unit == points[0].unit, "\(name)") }
        }
        let shown = Set(points.map(\.metric))
        #expect(Set(own.keys).isSubset(of: shown), "\(Set(own.keys).subtracting(shown))")
        #expect(shown.isDisjoint(with: ["charter_tokens_total", "charter_request_duration_seconds", "charter_requests_in_flight"]))
    }

    /// | name | in place of | kind | unit | attributes |
    private static func documented() throws -> [String: Row] {
        let heading = "### Metrics for a collector\n"
        let all = try rows(after: heading, "| `gen_ai.") + rows(after: heading, "| `http.")
        return Dictionary(uniqueKeysWithValues: all.map { cells in
            (cells[0].filter { $0 != "`" }, Row(form: cells[2], unit: cells[3].filter { $0 != "`" }, attributes: names(cells[4])))
        })
    }

    /// | name | kind | labels | … |
    private static func documentedPage() throws -> [String: Row] {
        Dictionary(uniqueKeysWithValues: try rows(after: "## Metrics of the gateway\n", "| `charter_").map { cells in
            (cells[0].filter { $0 != "`" }, Row(form: cells[1], unit: "", attributes: names(cells[2])))
        })
    }

    private static func names(_ cell: String) -> Set<String> { Set(cell.matches(of: #/`([a-z_.]+)`/#).map { String($0.1) }) }

    private static func rows(after heading: String, _ prefix: String) throws -> [[String]] {
        let text = try String(contentsOf: Programs.root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
        let start = try #require(text.range(of: heading)).upperBound
        let end = try #require(text.range(of: "\n## ", range: start..<text.endIndex)).lowerBound
        return text[start..<end].split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
