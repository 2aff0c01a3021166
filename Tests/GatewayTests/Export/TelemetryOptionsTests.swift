import Crypto
import HTTP
import Testing

@testable import Gateway

@Suite struct TelemetryOptionsTests {
    private func read(_ variables: [String: String]) throws(TelemetryFault) -> TelemetryOptions? { try TelemetryOptions.read { variables[$0] } }

    private static let address = "http://collector.internal:4318"

    @Test func `nothing is exported without an address, or when it is switched off`() throws {
        #expect(try read([:]) == nil)
        #expect(try read(["OTEL_SERVICE_NAME": "x", "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": ""]) == nil)
        #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": Self.address, "OTEL_SDK_DISABLED": "true"]) == nil)
        #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": Self.address, "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"]) == nil)
    }

    @Test func `one address is for both, and each may have its own`() throws {
        let both = try #require(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": Self.address + "/otlp/"]))
        #expect(both.traces?.path == "/otlp/v1/traces" && both.metrics?.path == "/otlp/v1/metrics")
        #expect(both.traces?.origin == Origin(scheme: .http, host: "collector.internal", port: 4318))
        #expect(both.resource == [ResourceAttribute("service.name", "charter-gateway")])
        let own = try #require(try read(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://traces.test/in"]))
        #expect(own.traces == CollectorAddress(origin: Origin(scheme: .https, host: "traces.test"), path: "/in") && own.metrics == nil)
        let one = try #require(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": Self.address, "OTEL_METRICS_EXPORTER": "none"]))
        #expect(one.traces != nil && one.metrics == nil)
    }

    @Test func `all else is as the variables say`() throws {
        let options = try #require(try read([
            "OTEL_EXPORTER_OTLP_ENDPOINT": Self.address, "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20a%3Db, x-tenant = acme ,",
            "OTEL_SERVICE_NAME": "edge", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,team=ml%2Cops", "OTEL_EXPORTER_OTLP_TIMEOUT": "1500",
            "OTEL_METRIC_EXPORT_INTERVAL": "15000", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json", "OTEL_TRACES_SAMPLER": "traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.25", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca.pem", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "/c.pem",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": "/k.pem",
        ]))
        let headers = try options.headers.fields.get()
        #expect(headers["authorization"] == "Bearer a=b" && headers["x-tenant"] == "acme" && headers.count == 2)
        #expect(options.resource == [ResourceAttribute("service.name", "edge"), ResourceAttribute("team", "ml,ops")])
        #expect(options.timeout == .milliseconds(1500) && options.metricsEvery == .seconds(15))
        #expect(options.sampler == TraceSampler(name: "traceidratio", argument: "0.25"))
        #expect(options.tls == ClientTLS(trust: .authorities(file: "/ca.pem"), identity: TLSIdentityFiles(certificate: "/c.pem", key: "/k.pem")))
    }

    @Test(arguments: [
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "secret.internal:4318"], ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://secret@host/"],
        ["OTEL_EXPORTER_OTLP_HEADERS": "secret"], ["OTEL_EXPORTER_OTLP_HEADERS": "a b=secret"], ["OTEL_EXPORTER_OTLP_HEADERS": "a=secret%0d%0ab"],
        ["OTEL_EXPORTER_OTLP_HEADERS": "content-length=0secret"], ["OTEL_EXPORTER_OTLP_HEADERS": "a=secret%zz"],
        ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"], ["OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"], ["OTEL_TRACES_SAMPLER": "sometimes"],
        ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "1.5"], ["OTEL_TRACES_EXPORTER": "zipkin"],
        ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "nan"], ["OTEL_METRICS_EXPORTER": "console"],
        ["OTEL_METRIC_EXPORT_INTERVAL": "0"], ["OTEL_EXPORTER_OTLP_TIMEOUT": "soon"], ["OTEL_RESOURCE_ATTRIBUTES": "secret"],
        ["OTEL_EXPORTER_OTLP_CLIENT_KEY": "/k.pem"],
    ])
    func `what cannot be used is refused, by name and never by value`(variables: [String: String]) throws {
        let all = ["OTEL_EXPORTER_OTLP_ENDPOINT": Self.address].merging(variables) { $1 }
        let fault = #expect(throws: TelemetryFault.self) { try read(all) }
        let reason = try #require(fault?.reason)
        #expect(reason.contains("OTEL_") && !reason.contains("secret") && !reason.contains("grpc"))
    }

    @Test func `a file's fields come after the variable's, and a file that is gone is told by name`() throws {
        let headers = try CollectorHeaders("a=1", file: "/nonexistent/headers")
        guard case .failure(let fault) = headers.fields else {
            Issue.record("a file that is not there was read")
            return
        }
        #expect(fault.description == "the file /nonexistent/headers cannot be read")
    }
}
