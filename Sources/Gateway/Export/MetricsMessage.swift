internal import HTTP
internal import Spec

/// Metrics as a collector takes them: OTLP's ExportMetricsServiceRequest, cumulative since the process began.
///
/// They are those of the page, by their names there, but for what OpenTelemetry's conventions have a name for.
struct MetricsMessage {
    let bytes: [UInt8]
    let pointCount: Int

    /// `start` and `now` are nanoseconds since 1970.
    init(_ metrics: GatewayMetrics, _ telemetry: Telemetry, _ resource: TelemetryResource, isSecure: Bool, start: Int64, now: Int64) {
        var list = MetricList(start: start, now: now)
        metrics.write(to: &list)
        list.answers(metrics.counts.answers, telemetry)
        list.inFlight(metrics.counts.inFlight, isSecure: isSecure)
        list.endFamily()
        pointCount = list.pointCount
        let bytes = list.bytes
        self.bytes = JSONWriter.telemetry("Metrics", "metrics", resource) { $0.raw(bytes) }
    }

    /// Metrics of the page that have another name here.
    static let renamed: Set<String> = ["charter_tokens_total", "charter_request_duration_seconds", "charter_requests_in_flight"]
}

/// Writes metrics one behind the other, with commas between; one without samples is left out.
private struct MetricList: MetricSink {
    private var writer = JSONWriter(capacity: 32 * 1024)
    private(set) var pointCount = 0
    private let start: Int64
    private let now: Int64
    private var current = Family()
    private var isOpen = false

    private struct Family {
        var name = ""
        var unit = ""
        var help = ""
        var form = Form.gauge
    }

    private enum Form {
        case counter, gauge, upDownCounter, histogram

        var name: String {
            switch self {
            case .counter, .upDownCounter: "sum"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    init(start: Int64, now: Int64) {
        self.start = start
        self.now = now
    }

    var bytes: [UInt8] { writer.bytes }

    mutating func family(_ name: String, _ kind: MetricKind, _ help: String) {
        let form: Form = kind == .counter ? .counter : kind == .gauge ? .gauge : .histogram
        begin(Family(name: name, unit: Self.unit(of: name), help: help, form: form))
    }

    mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: some BinaryInteger) {
        point(labels.map { ($0.key, $0.value) }) { $0.member("asInt", String(value)) }
    }

    mutating func sample(_ labels: KeyValuePairs<String, String>, exactly value: String) {
        point(labels.map { ($0.key, $0.value) }) { writer in
            writer.name("asDouble")
            writer.raw(value)
        }
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        family(name, .histogram, help)
        distribution([], histogram)
    }

    /// What the conventions have counters and a histogram for.
    mutating func answers(_ answers: [MetricsShard.AnswerLabel: MetricsShard.AnswerCounts], _ telemetry: Telemetry) {
        let asked = Dictionary(grouping: answers) { Question($0.key) }
        let sums = asked.map { (attributes: $0.key.attributes(telemetry), sum: Self.sum($0.value)) }
        for count in Self.tokenCounts {
            begin(Family(name: "gen_ai.client.inference.usage." + count.name, unit: "{token}", help: count.help, form: .counter))
            for (attributes, sum) in sums { point(attributes) { $0.member("asInt", String(sum[keyPath: count.path])) } }
        }
        begin(Family(
            name: "gen_ai.server.request.duration", unit: "s", help: "From the whole request to the end of the answer.", form: .histogram))
        let ended = Dictionary(grouping: answers) { Ended(question: Question($0.key), status: $0.key.status >= 400 ? $0.key.status : nil) }
        for (end, counts) in ended {
            let error = end.status.map { [("error.type", String($0))] } ?? []
            distribution(end.question.attributes(telemetry) + error, Self.sum(counts).duration)
        }
    }

    mutating func inFlight(_ count: Int, isSecure: Bool) {
        begin(Family(
            name: "http.server.active_requests", unit: "{request}", help: "Requests being read, forwarded or answered.", form: .upDownCounter))
        point([("http.request.method", "POST"), ("url.scheme", isSecure ? "https" : "http")]) { $0.member("asInt", String(count)) }
    }

    mutating func endFamily() {
        guard isOpen else { return }
        isOpen = false
        writer.endArray()
        switch current.form {
        case .gauge: break
        case .counter, .upDownCounter:
            writer.member("aggregationTemporality", Self.cumulative)
            writer.member("isMonotonic", current.form == .counter)
        case .histogram: writer.member("aggregationTemporality", Self.cumulative)
        }
        writer.endObject()
        writer.endObject()
    }
}

extension MetricList {
    private static let cumulative = 2

    /// What one kind of question asks of one model.
    private struct Question: Hashable {
        var model: String
        var operation: String

        init(_ label: MetricsShard.AnswerLabel) {
            model = label.model
            operation = GenAINames.operation(label.endpoint)
        }

        func attributes(_ telemetry: Telemetry) -> [(String, String)] {
            let parts = model.split(separator: "/", maxSplits: 1).map(String.init)
            let known = telemetry.model(model) ?? ExportedModel(provider: parts.first ?? "", upstream: parts.last ?? "")
            return [
                ("gen_ai.operation.name", operation), ("gen_ai.provider.name", known.provider), ("gen_ai.request.model", known.upstream),
                ("charter.model", model),
            ]
        }
    }

    /// A question and how it ended; the status is nil where it went well.
    private struct Ended: Hashable {
        var question: Question
        var status: Int?
    }

    private struct TokenCount {
        var name: String
        var help: String
        var path: KeyPath<MetricsShard.AnswerCounts, Int64>
    }

    private static func sum(_ answers: [(key: MetricsShard.AnswerLabel, value: MetricsShard.AnswerCounts)]) -> MetricsShard.AnswerCounts {
        answers.reduce(MetricsShard.AnswerCounts()) { $0.sum(with: $1.value) }
    }

    private static var tokenCounts: [TokenCount] {
        [
            TokenCount(name: "input_tokens", help: "Input tokens as billed.", path: \.input),
            TokenCount(name: "output_tokens", help: "Output tokens as billed.", path: \.output),
            TokenCount(name: "cache_read.input_tokens", help: "Input tokens read from a provider's cache.", path: \.cacheRead),
            TokenCount(name: "reasoning.output_tokens", help: "Output tokens of reasoning.", path: \.reasoning),
        ]
    }

    /// UCUM's, by the end of a name in Prometheus's manner.
    private static func unit(of name: String) -> String {
        if name.contains("_seconds") { return "s" }
        if name.contains("_bytes") { return "By" }
        if name.contains("_usd") { return "{USD}" }
        return "1"
    }

    private mutating func begin(_ family: Family) {
        endFamily()
        current = family
    }

    /// Opens the metric with its first sample.
    private mutating func open() {
        guard !isOpen else { return }
        isOpen = true
        writer.beginObject()
        writer.member("name", current.name)
        writer.member("description", current.help)
        writer.member("unit", current.unit)
        writer.name(current.form.name)
        writer.beginObject()
        writer.name("dataPoints")
        writer.beginArray()
    }

    private mutating func point(_ attributes: [(String, String)], _ write: (inout JSONWriter) -> Void) {
        guard !MetricsMessage.renamed.contains(current.name) else { return }
        open()
        pointCount += 1
        let (start, now) = (start, now)
        writer.object { writer in
            writer.attributes { writer in
                for (name, value) in attributes { writer.attribute(name, value) }
            }
            writer.member("startTimeUnixNano", nanoseconds: start)
            writer.member("timeUnixNano", nanoseconds: now)
            write(&writer)
        }
    }


    private mutating func distribution(_ attributes: [(String, String)], _ histogram: Histogram) {
        point(attributes) { writer in
            writer.member("count", String(histogram.counts.reduce(0, +)))
            writer.name("sum")
            writer.double(histogram.sum)
            writer.array("bucketCounts") { writer in
                for count in histogram.counts { writer.string(String(count)) }
            }
            writer.array("explicitBounds") { writer in
                for bound in histogram.bounds { writer.double(bound) }
            }
        }
    }
}
