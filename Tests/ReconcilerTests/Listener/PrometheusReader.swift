/// Reads the text exposition format, version 0.0.4, more strictly than Prometheus: each family has HELP and TYPE before its samples and
/// stands once, no sample stands twice, and histograms add up.
struct PrometheusReader {
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Malformed: Error, CustomStringConvertible { var description: String }

    /// Kinds by name.
    private(set) var families: [String: String] = [:]
    private(set) var samples: [Sample] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(description: "the last line has no end") }
        var current = ""
        var helped = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
                helped = String(match.1)
            } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
                current = String(match.1)
                guard helped == current, families[current] == nil else { throw Malformed(description: "\(line)") }
                families[current] = String(match.2)
            } else {
                try add(line, of: current)
            }
        }
        try checkHistograms()
    }

    func value(_ name: String, _ labels: [String: String]) -> Double? { samples.first { $0.name == name && $0.labels == labels }?.value }

    private mutating func add(_ line: Substring, of family: String) throws {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[-+]?[0-9]+)?)/), let value = Double(match.3) else {
            throw Malformed(description: "\(line)")
        }
        let name = String(match.1)
        let suffixes = families[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { name == family + $0 }) else { throw Malformed(description: "\(line) is not of \(family)") }
        if families[family] == "counter", !family.hasSuffix("_total") { throw Malformed(description: "\(family) is a counter") }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/), labels[String(label.1)] == nil else {
                throw Malformed(description: "labels of \(line)")
            }
            labels[String(label.1)] = String(label.2)
            rest = rest[label.range.upperBound...]
        }
        guard value >= 0 || families[family] == "gauge", !samples.contains(where: { $0.name == name && $0.labels == labels }) else {
            throw Malformed(description: "\(line)")
        }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private func checkHistograms() throws {
        for family in families where family.value == "histogram" {
            let buckets = samples.filter { $0.name == family.key + "_bucket" }
            let bounds = buckets.map { $0.labels["le"] == "+Inf" ? Double.infinity : Double($0.labels["le"] ?? "") ?? .nan }
            guard bounds == bounds.sorted(), bounds.last == .infinity, buckets.map(\.value) == buckets.map(\.value).sorted(),
                buckets.last?.value == value(family.key + "_count", [:]), value(family.key + "_sum", [:]) != nil
            else { throw Malformed(description: "\(family.key) does not add up") }
        }
    }
}
