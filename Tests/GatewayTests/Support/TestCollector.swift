import Crypto
import Foundation
import Gateway
import HTTP
import Synchronization
import TestKit

/// A collector of OpenTelemetry behind a socket of its own, which reads what it is sent with another parser than ours.
final class TestCollector: Sendable {
    private let server: ScriptedProvider
    typealias Answer = @Sendable (Exchange, EventLoop) -> Void
    private final class Script: Sendable {
        let answer: Mutex<Answer>
        init(_ answer: @escaping Answer) { self.answer = Mutex(answer) }
    }
    private let script: Script

    init(tls: TLSServerMaterial? = nil, port: UInt16 = 0) throws {
        let script = Script { exchange, _ in exchange.accept() }
        self.script = script
        server = try ScriptedProvider(tls: tls, port: port) { exchange, _, loop in
            let answer = script.answer.withLock { $0 }
            answer(exchange, loop)
        }
    }

    var port: UInt16 { server.port }

    func stop() { server.stop() }

    /// How it answers from now on; at first it takes everything.
    func answers(_ answer: @escaping Answer) { script.answer.withLock { $0 = answer } }

    func messages(_ path: String) -> [ScriptedProvider.Seen] { server.seen.filter { $0.target == path } }
    /// All that it was told, the fields apart that it asks for.
    var text: String { server.seen.map(\.body).joined(separator: "\n") }
    var seen: [ScriptedProvider.Seen] { server.seen }

    struct Malformed: Error {
        var what: String
    }

    struct Attributes {
        var all: [String: String] = [:]
        subscript(name: String) -> String? { all[name] }
    }

    struct Span {
        var trace: String
        var id: String
        var parent: String?
        var state: String?
        var name: String
        var kind: Int
        var start: Int64
        var end: Int64
        var status: Int?
        var attributes: Attributes
    }

    struct Point {
        var metric: String
        var unit: String
        var form: String
        var attributes: Attributes
        var start: String
        /// The number, or how many a histogram counts.
        var value: Double
        var sum: Double?
    }

    /// Those of all messages, in their order.
    func spans() throws -> [Span] {
        try messages("/v1/traces").flatMap { message in
            try Self.items(message.body, "Spans", "spans").map { span in
                guard let trace = span["traceId"] as? String, trace.count == 32, let id = span["spanId"] as? String, id.count == 16,
                    let name = span["name"] as? String, let kind = span["kind"] as? Int, let start = Self.long(span["startTimeUnixNano"]),
                    let end = Self.long(span["endTimeUnixNano"]), span["flags"] is Int
                else { throw Malformed(what: "\(span)") }
                return Span(
                    trace: trace, id: id, parent: span["parentSpanId"] as? String, state: span["traceState"] as? String, name: name, kind: kind,
                    start: start, end: end, status: (span["status"] as? [String: Any])?["code"] as? Int,
                    attributes: try Self.attributes(span["attributes"]))
            }
        }
    }

    /// Those spans, once there are so many.
    func spans(_ count: Int) throws -> [Span] {
        try eventually(within: .seconds(20), "\(count) spans, of \((try? spans().count) ?? 0)") { try spans().count >= count }
        return try spans()
    }

    /// Of the newest message.
    func points() throws -> [Point] { try messages("/v1/metrics").last.map { try Self.points($0.body) } ?? [] }

    static func points(_ body: String) throws -> [Point] {
        try items(body, "Metrics", "metrics").flatMap { metric in
            guard let name = metric["name"] as? String, let unit = metric["unit"] as? String,
                let form = ["sum", "gauge", "histogram"].first(where: { metric[$0] != nil }), let data = metric[form] as? [String: Any],
                let points = data["dataPoints"] as? [[String: Any]], !points.isEmpty
            else { throw Malformed(what: "\(metric)") }
            if form != "gauge", data["aggregationTemporality"] as? Int != 2 { throw Malformed(what: "\(name) is not cumulative") }
            return try points.map { point in
                let number = Self.long(point["asInt"]).map { Double($0) } ?? point["asDouble"] as? Double
                let count = try form == "histogram" ? Self.histogram(point) : number
                guard let count, let start = point["startTimeUnixNano"] as? String, Self.long(point["timeUnixNano"]) != nil else {
                    throw Malformed(what: "\(name): \(point)")
                }
                let isMonotonic = data["isMonotonic"] as? Bool
                return Point(
                    metric: name, unit: unit, form: form == "sum" ? isMonotonic == true ? "counter" : "updowncounter" : form,
                    attributes: try Self.attributes(point["attributes"]), start: start, value: count, sum: point["sum"] as? Double)
            }
        }
    }

    private static func histogram(_ point: [String: Any]) throws -> Double {
        let counts = (point["bucketCounts"] as? [Any] ?? []).compactMap { long($0) }
        guard let bounds = point["explicitBounds"] as? [Double], counts.count == bounds.count + 1, let count = long(point["count"]),
            counts.reduce(0, +) == count
        else { throw Malformed(what: "\(point)") }
        return Double(count)
    }

    /// A 64-bit number, which OTLP's JSON has as a string.
    private static func long(_ value: Any?) -> Int64? { (value as? String).flatMap { Int64($0) } }

    private static func items(_ body: String, _ kind: String, _ name: String) throws -> [[String: Any]] {
        guard let whole = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any],
            let resources = whole["resource" + kind] as? [[String: Any]], !resources.isEmpty
        else { throw Malformed(what: body) }
        return try resources.flatMap { resource in
            guard resource["resource"] is [String: Any], let scopes = resource["scope" + kind] as? [[String: Any]] else { throw Malformed(what: body) }
            return try scopes.flatMap { scope in
                guard let items = scope[name] as? [[String: Any]] else { throw Malformed(what: body) }
                return items
            }
        }
    }

    /// Of the resource of the first message at a path.
    func resource(_ path: String) throws -> Attributes {
        let body = messages(path).first?.body ?? ""
        let whole = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        let list = (whole?["resourceSpans"] ?? whole?["resourceMetrics"]) as? [[String: Any]]
        return try Self.attributes((list?.first?["resource"] as? [String: Any])?["attributes"])
    }

    private static func text(of value: [String: Any]) -> String? {
        if let text = value["stringValue"] as? String { return text }
        if let number = long(value["intValue"]) { return String(number) }
        if let flag = value["boolValue"] as? Bool { return String(flag) }
        return (value["doubleValue"] as? Double).map { String($0) }
    }

    private static func attributes(_ list: Any?) throws -> Attributes {
        guard let list = list as? [[String: Any]] else { throw Malformed(what: "attributes: \(String(describing: list))") }
        var found = Attributes()
        for attribute in list {
            guard let key = attribute["key"] as? String, let value = attribute["value"] as? [String: Any], value.count == 1,
                let text = Self.text(of: value), found.all.updateValue(text, forKey: key) == nil
            else { throw Malformed(what: "\(attribute)") }
        }
        return found
    }
}

extension Exchange {
    /// A collector's answer to what it takes whole.
    func accept(_ body: String = "{}") {
        respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(body.utf8))
    }
}

extension GatewayOptions {
    /// Sends all telemetry to a collector of the test's, soon and not in half a minute.
    mutating func export(to port: UInt16, scheme: Origin.Scheme = .http, _ change: (inout TelemetryOptions) -> Void = { _ in }) {
        var telemetry = TelemetryOptions()
        let origin = Origin(scheme: scheme, host: "127.0.0.1", port: port)
        telemetry.traces = CollectorAddress(origin: origin, path: "/v1/traces")
        telemetry.metrics = CollectorAddress(origin: origin, path: "/v1/metrics")
        telemetry.spansEvery = .milliseconds(20)
        telemetry.metricsEvery = .milliseconds(50)
        telemetry.stopPatience = .seconds(20)
        change(&telemetry)
        self.telemetry = telemetry
    }
}
