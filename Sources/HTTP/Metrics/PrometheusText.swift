/// Writes the text exposition format, version 0.0.4.
package struct PrometheusText: MetricSink {
    package private(set) var text = ""
    private var name = ""

    /// What `content-type` says of it.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package init() {}

    package mutating func family(_ name: String, _ kind: MetricKind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    package mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: some BinaryInteger) {
        line(name, labels, String(value))
    }

    package mutating func sample(_ labels: KeyValuePairs<String, String>, exactly value: String) { line(name, labels, value) }

    package mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        family(name, .histogram, help)
        var total = 0
        for (index, count) in histogram.counts.enumerated() {
            total += count
            let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
            line(name + "_bucket", ["le": bound], String(total))
        }
        line(name + "_sum", [:], "\(histogram.sum)")
        line(name + "_count", [:], String(total))
    }

    private mutating func line(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
