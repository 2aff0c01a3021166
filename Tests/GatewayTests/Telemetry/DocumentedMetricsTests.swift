import Foundation
import TestKit
import Testing

/// The page of metrics is an interface: docs/OPERATIONS.md names what it shows.
@Suite struct DocumentedMetricsTests {
    private struct Metric: Hashable, CustomStringConvertible {
        var name: String
        var kind: String
        var labels: Set<String>

        var description: String { "\(name) (\(kind)) by \(labels.sorted())" }
    }

    @Test func `the page of metrics shows what is documented, with the labels that are`() throws {
        let platform = try Platform([
            "routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]"),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  models: { deny: [groq/llama] }\n"),
        ])
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(try client.chat("groq/llama").status == 403)
        #expect(try client.chat("assistant", headers: ["x-simulate-status": "503"]).status == 502)
        _ = try platform.ledger(rows: 1)
        let shown = Self.page(try client.get("/metrics").text)
        let documented = try Self.documented()
        #expect(shown.count > 25)
        for metric in shown {
            let other = documented.first { $0.name == metric.name }
            // What has not happened yet has no samples, and so no labels.
            #expect(other?.kind == metric.kind && (metric.labels.isEmpty || other?.labels == metric.labels), "\(metric), documented as \(other.map(\.description) ?? "nothing")")
        }
        #expect(shown.filter { !$0.labels.isEmpty }.count >= 8)
        let missing = Set(documented.map(\.name)).subtracting(shown.map(\.name))
        #expect(missing == ["charter_tls_certificate_not_after_seconds", "charter_tls_reloads_total"])
        #expect(Set(documented.map(\.name)).count == documented.count)
    }

    /// The families of a page, with the labels of their samples.
    private static func page(_ text: String) -> [Metric] {
        var metrics: [Metric] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                metrics.append(Metric(name: String(words[2]), kind: String(words[3]), labels: []))
            } else if !line.hasPrefix("#"), let last = metrics.indices.last, let open = line.firstIndex(of: "{") {
                let labels = line[open...].matches(of: #/[{,]([a-z_]+)="/#).map { String($0.1) }
                metrics[last].labels.formUnion(labels)
                if metrics[last].kind == "histogram" { metrics[last].labels.remove("le") }
            }
        }
        return metrics
    }

    private static func documented() throws -> [Metric] {
        let text = try String(contentsOf: Programs.root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
        let start = try #require(text.range(of: "## Metrics of the gateway\n")).upperBound
        let end = try #require(text.range(of: "\n## ", range: start..<text.endIndex)).lowerBound
        return text[start..<end].split(separator: "\n").filter { $0.hasPrefix("| `charter_") }.map { row in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Metric(
                name: cells[0].trimmingCharacters(in: ["`"]), kind: cells[1],
                labels: Set(cells[2].matches(of: #/`([a-z_]+)`/#).map { String($0.1) }))
        }
    }
}
