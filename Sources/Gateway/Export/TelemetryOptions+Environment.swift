internal import Crypto
internal import HTTP

/// A setting of OpenTelemetry that cannot be used; never with its value, which may be a secret.
package struct TelemetryFault: Error {
    package var reason: String
}

extension TelemetryOptions {
    /// Reads the variables that OpenTelemetry's specification names; nil where nothing is to be exported. Without an address
    /// nothing is: nobody is sent anything that was not named.
    package static func read(_ variable: (String) -> String?) throws(TelemetryFault) -> TelemetryOptions? {
        func given(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        guard given("OTEL_SDK_DISABLED")?.lowercased() != "true" else { return nil }
        var options = TelemetryOptions()
        options.traces = try address("TRACES", "/v1/traces", given)
        options.metrics = try address("METRICS", "/v1/metrics", given)
        guard options.traces != nil || options.metrics != nil else { return nil }
        try options.readWay(given)
        try options.readContent(given)
        return options
    }

    private static func address(
        _ signal: String, _ path: String, _ given: (String) -> String?
    ) throws(TelemetryFault) -> CollectorAddress? {
        let own = "OTEL_EXPORTER_OTLP_\(signal)_ENDPOINT"
        let shared = "OTEL_EXPORTER_OTLP_ENDPOINT"
        guard given(own) != nil || given(shared) != nil else { return nil }
        switch given("OTEL_\(signal)_EXPORTER") ?? "otlp" {
        case "none": return nil
        case "otlp": break
        default: throw TelemetryFault(reason: "OTEL_\(signal)_EXPORTER is otlp or none")
        }
        let found = given(own).map { (own, CollectorAddress($0)) } ?? given(shared).map { (shared, CollectorAddress(below: $0, path)) }
        guard let (name, address) = found else { return nil }
        guard let address else { throw TelemetryFault(reason: "\(name) is no address such as http://127.0.0.1:4318") }
        return address
    }

    /// How the collector is reached.
    private mutating func readWay(_ given: (String) -> String?) throws(TelemetryFault) {
        if let spoken = given("OTEL_EXPORTER_OTLP_PROTOCOL"), spoken != "http/json" {
            throw TelemetryFault(reason: "OTEL_EXPORTER_OTLP_PROTOCOL: only http/json is spoken")
        }
        let file = given("CHARTER_OTLP_HEADERS_FILE")
        do {
            headers = try CollectorHeaders(given("OTEL_EXPORTER_OTLP_HEADERS") ?? "", file: file)
        } catch {
            throw TelemetryFault(reason: "OTEL_EXPORTER_OTLP_HEADERS: \(error)")
        }
        if let file = given("OTEL_EXPORTER_OTLP_CERTIFICATE") { tls.trust = .authorities(file: file) }
        let (certificate, key) = (given("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"), given("OTEL_EXPORTER_OTLP_CLIENT_KEY"))
        if let certificate, let key {
            tls.identity = TLSIdentityFiles(certificate: certificate, key: key)
        } else if certificate != nil || key != nil {
            throw TelemetryFault(reason: "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY need each other")
        }
        if let time = try Self.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", given) { timeout = time }
    }

    /// What is sent.
    private mutating func readContent(_ given: (String) -> String?) throws(TelemetryFault) {
        let named = given("OTEL_TRACES_SAMPLER") ?? "parentbased_always_on"
        guard let chosen = TraceSampler(name: named, argument: given("OTEL_TRACES_SAMPLER_ARG")) else {
            throw TelemetryFault(reason: "OTEL_TRACES_SAMPLER is none of OpenTelemetry's samplers, or its argument no share from 0 to 1")
        }
        sampler = chosen
        if let time = try Self.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", given) { metricsEvery = time }
        for element in (given("OTEL_RESOURCE_ATTRIBUTES") ?? "").split(separator: ",") {
            guard let pair = NamedText(element) else {
                throw TelemetryFault(reason: "OTEL_RESOURCE_ATTRIBUTES is a list such as deployment.environment.name=prod,team=ml")
            }
            resource.append(ResourceAttribute(pair.name, pair.value))
        }
        let name = given("OTEL_SERVICE_NAME") ?? resource.last { $0.name == Self.serviceName }?.value ?? "charter-gateway"
        resource.removeAll { $0.name == Self.serviceName }
        resource.insert(ResourceAttribute(Self.serviceName, name), at: 0)
    }

    private static let serviceName = "service.name"

    private static func milliseconds(_ name: String, _ given: (String) -> String?) throws(TelemetryFault) -> Duration? {
        guard let text = given(name) else { return nil }
        guard let number = Int(text), (1...86_400_000).contains(number) else {
            throw TelemetryFault(reason: "\(name) is a number of milliseconds, a day at most")
        }
        return .milliseconds(number)
    }
}
