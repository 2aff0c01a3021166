import Crypto
import Gateway
import Glibc
import HTTP
import Synchronization
import TestKit
import Testing

/// What a gateway does with collectors as they are: late, down, overloaded, fussy.
@Suite struct CollectorTests {
    private static let hour = Duration.seconds(3600)

    /// What the page of metrics says of spans on their way.
    private func count(_ platform: Platform, _ outcome: String, signal: String = "traces", of name: String = "items") throws -> Int {
        let label = "charter_telemetry_\(name)_total{signal=\"\(signal)\",outcome=\"\(outcome)\"} "
        let page = try TestClient(port: platform.port).get("/metrics", key: nil).text
        let line = try #require(page.split(separator: "\n").first { $0.hasPrefix(label) })
        return try #require(Int(line.dropFirst(label.count)))
    }

    private func reach(_ count: Int, _ outcome: String, _ platform: Platform, of name: String = "items") throws {
        try eventually(within: .seconds(20), "\(count) \(outcome)") { try self.count(platform, outcome, of: name) >= count }
    }

    @Test(arguments: [429, 502, 503, 504]) func `a message that is refused for now is sent again`(status: Int) throws {
        let collector = try TestCollector()
        let refusals = Mutex(2)
        collector.answers { exchange, _ in
            let isRefused = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            isRefused ? exchange.refuse(status, ["retry-after": "0"]) : exchange.accept()
        }
        let platform = try Platform(configure: { $0.export(to: collector.port) { $0.metrics = nil } })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(2, "sent", platform)
        let messages = collector.messages("/v1/traces")
        #expect(messages.count == 3 && Set(messages.map(\.body)).count == 1)
        #expect(try count(platform, "refused", of: "tries") == 2 && count(platform, "taken", of: "tries") == 1)
        #expect(try count(platform, "failed") == 0)
        #expect(platform.log.contains("the collector does not take telemetry") && platform.log.contains("the collector takes telemetry again"))
    }

    @Test(arguments: [400, 401, 404, 413, 500, 301]) func `a message that is refused for good is not`(status: Int) throws {
        let collector = try TestCollector()
        collector.answers { exchange, _ in exchange.refuse(status, ["retry-after": "0"]) }
        let platform = try Platform(configure: { $0.export(to: collector.port) { $0.metrics = nil } })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(2, "failed", platform)
        collector.answers { exchange, _ in exchange.accept() }
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(2, "sent", platform)
        #expect(collector.messages("/v1/traces").count == 2)
    }

    @Test func `what a collector leaves out of a message is counted`() throws {
        let collector = try TestCollector()
        collector.answers { exchange, _ in exchange.accept(#"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}"#) }
        let platform = try Platform(configure: { $0.export(to: collector.port) { $0.metrics = nil } })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(1, "rejected", platform)
        #expect(try count(platform, "sent") == 1 && count(platform, "failed") == 0)
        #expect(!platform.log.contains("too old"))
    }

    @Test func `a collector that is down gets everything when it is back, and no request has waited for it`() throws {
        let port = try freePort()
        let platform = try Platform(configure: { $0.export(to: port) { $0.metrics = nil } })
        let client = TestClient(port: platform.port)
        for _ in 0..<5 { #expect(try client.chat().status == 200) }
        try reach(1, "unanswered", platform, of: "tries")
        #expect(platform.log.contains(#""collector":"http://127.0.0.1:\#(port)""#))
        let collector = try TestCollector(port: port)
        #expect(try collector.spans(10).count == 10)
        try reach(10, "sent", platform)
        #expect(try count(platform, "failed") == 0 && count(platform, "dropped") == 0)
    }

    @Test func `spans beyond what may wait are dropped and counted, and requests served`() throws {
        let collector = try TestCollector()
        // Neither taken nor refused.
        collector.answers { _, _ in }
        let platform = try Platform(configure: {
            $0.export(to: collector.port) { telemetry in
                telemetry.metrics = nil
                telemetry.waitingSpansMax = 6
                telemetry.stopPatience = .milliseconds(50)
            }
        })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        try eventually(within: .seconds(20), "a message is with the collector") { collector.messages("/v1/traces").count == 1 }
        for _ in 0..<5 { #expect(try client.chat().status == 200) }
        try reach(4, "dropped", platform)
        #expect(try count(platform, "dropped") == 4 && count(platform, "sent") == 0)
        // A stop waits no longer than it may.
        let begun = ContinuousClock.now
        platform.stopGateway()
        #expect(ContinuousClock.now - begun < .seconds(10))
    }

    @Test func `a message is given up after a time, and the next is tried`() throws {
        let collector = try TestCollector()
        collector.answers { exchange, _ in exchange.refuse(503) }
        let platform = try Platform(configure: {
            $0.export(to: collector.port) { telemetry in
                telemetry.metrics = nil
                telemetry.patience = .milliseconds(100)
            }
        })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(2, "failed", platform)
        collector.answers { exchange, _ in exchange.accept() }
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(2, "sent", platform)
    }

    @Test func `a stop sends what has not been sent, spans and metrics`() throws {
        let collector = try TestCollector()
        let platform = try Platform(configure: {
            $0.export(to: collector.port) { telemetry in
                telemetry.spansEvery = Self.hour
                telemetry.metricsEvery = Self.hour
                telemetry.batchSpansMax = 4
            }
        })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(collector.messages("/v1/traces").isEmpty && collector.messages("/v1/metrics").isEmpty)
        for _ in 0..<4 { #expect(try client.chat().status == 200) }
        // A whole batch goes at once.
        #expect(try collector.spans(4).count >= 4)
        platform.stopGateway()
        #expect(try collector.spans().count == 10)
        #expect(collector.messages("/v1/traces").count == 3)
        let served = try collector.points().filter { $0.metric == "charter_requests_total" }
        #expect(served.map(\.value) == [5])
    }

    @Test func `a stop tries once more what the collector had refused for now`() throws {
        let collector = try TestCollector()
        collector.answers { exchange, _ in exchange.refuse(503, ["retry-after": "50"]) }
        let platform = try Platform(configure: { $0.export(to: collector.port) { $0.metrics = nil } })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(1, "refused", platform, of: "tries")
        collector.answers { exchange, _ in exchange.accept() }
        platform.stopGateway()
        #expect(collector.messages("/v1/traces").count == 2)
    }

    @Test func `headers come from a file that may change, and TLS checks the collector's certificate`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("IP:127.0.0.1")
        let collector = try TestCollector(tls: TLSServerMaterial(reading: [identity]))
        let folder = try TemporaryDirectory()
        let file = try folder.write("# not a field", to: "headers")
        let platform = try Platform(gateway: false)
        let program = try GatewayProgram(platform, ["--otlp-headers-file", file, "--otlp-ca", authority.file], environment: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "https://127.0.0.1:\(collector.port)", "OTEL_METRIC_EXPORT_INTERVAL": "50",
            "OTEL_TRACES_EXPORTER": "none", "OTEL_SERVICE_NAME": "edge", "OTEL_RESOURCE_ATTRIBUTES": "team=ml%20ops,service.name=other",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=acme",
        ])
        try program.awaitReady()
        try eventually(within: .seconds(20), "the file is found wanting") { program.process.errors.contains("element 1 is no name=value") }
        #expect(collector.text.isEmpty)
        _ = try folder.write("authorization=Bearer%20one\n", to: "headers")
        try eventually(within: .seconds(30), "metrics with the first token") { collector.messages("/v1/metrics").contains { $0.headers["authorization"] == "Bearer one" } }
        _ = try folder.write("authorization = Bearer two\nx-more=1\n", to: "headers")
        try eventually(within: .seconds(30), "metrics with the second token") {
            collector.messages("/v1/metrics").contains { $0.headers["authorization"] == "Bearer two" && $0.headers["x-more"] == "1" && $0.headers["x-tenant"] == "acme" }
        }
        let resource = try collector.resource("/v1/metrics")
        #expect(resource["service.name"] == "edge" && resource["team"] == "ml ops")
        #expect(try program.client.chat().status == 200)
        program.process.kill(SIGTERM)
        #expect(program.process.wait(within: .seconds(30)) == 0)
        #expect(collector.messages("/v1/traces").isEmpty)
        #expect(!program.process.errors.contains("Bearer"))
    }

    @Test func `a certificate of another authority is not accepted`() throws {
        let authority = try TestAuthority()
        let identity = try authority.identity("IP:127.0.0.1")
        let collector = try TestCollector(tls: TLSServerMaterial(reading: [identity]))
        let other = try TestAuthority()
        let platform = try Platform(configure: { $0.export(to: collector.port, scheme: .https) { $0.tls = ClientTLS(trust: .authorities(file: other.file)) } })
        #expect(try TestClient(port: platform.port).chat().status == 200)
        try reach(1, "unanswered", platform, of: "tries")
        #expect(collector.text.isEmpty && platform.log.contains(#""reason":"tls"#))
        #expect(authority.file != other.file)
    }
}
