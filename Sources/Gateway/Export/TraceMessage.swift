internal import HTTP
internal import Policy
internal import Spec

/// Spans as a collector takes them: OTLP's ExportTraceServiceRequest, with the attributes of OpenTelemetry's conventions for HTTP
/// and for generative AI, and Charter's own under `charter.`.
struct TraceMessage {
    let bytes: [UInt8]
    let spanCount: Int

    init(_ requests: [TracedRequest], _ resource: TelemetryResource) {
        spanCount = requests.reduce(0) { $0 + $1.spanCount }
        bytes = JSONWriter.telemetry("Spans", "spans", resource) { writer in
            for request in requests {
                writer.server(request)
                for attempt in request.attempts { writer.client(attempt, of: request) }
            }
        }
    }
}

/// OTLP's numbers for what a span can be.
private enum SpanKind: Int { case server = 2, client = 3 }

extension JSONWriter {
    fileprivate mutating func server(_ request: TracedRequest) {
        object { writer in
            let parent = request.trace.parentID
            writer.identity(of: request, span: 0, parent: parent, isRemote: parent != nil)
            writer.member("name", "POST \(request.path)")
            writer.period(.server, from: request.startedAt, to: request.endedAt)
            writer.attributes { $0.serverAttributes(request) }
            writer.status(isError: request.hasFailed)
        }
    }

    private mutating func serverAttributes(_ request: TracedRequest) {
        attribute("http.request.method", "POST")
        attribute("http.route", request.path)
        attribute("url.path", request.path)
        attribute("url.scheme", request.isSecure ? "https" : "http")
        if request.status > 0 { attribute("http.response.status_code", request.status) }
        if request.hasFailed { attribute("error.type", request.error?.code ?? String(request.status)) }
        attribute("gen_ai.operation.name", request.operation)
        if let model = request.model {
            attribute("gen_ai.request.model", model)
            attribute("gen_ai.request.stream", request.isStream)
        }
        attribute("charter.decision", request.decision)
        if !request.revision.isEmpty { attribute("charter.revision", request.revision) }
        if let account = request.account {
            attribute("charter.org", account.org)
            attribute("charter.project", account.project)
            attribute("charter.key", account.key)
            attribute("charter.key.id", account.keyUID)
        }
        if let error = request.error {
            attribute("charter.error.code", error.code)
            attribute("charter.rule", error.rule)
        }
    }

    fileprivate mutating func client(_ attempt: TracedAttempt, of request: TracedRequest) {
        object { writer in
            writer.identity(of: request, span: attempt.number, parent: request.trace.spanID(0), isRemote: false)
            writer.member("name", "\(attempt.operation) \(attempt.model.upstream)")
            writer.period(.client, from: attempt.startedAt, to: attempt.endedAt)
            writer.attributes { $0.clientAttributes(attempt, of: request) }
            writer.status(isError: attempt.errorType != nil)
        }
    }

    private mutating func clientAttributes(_ attempt: TracedAttempt, of request: TracedRequest) {
        attribute("gen_ai.operation.name", attempt.operation)
        attribute("gen_ai.provider.name", attempt.model.provider)
        attribute("gen_ai.request.model", attempt.model.upstream)
        attribute("gen_ai.request.stream", attempt.isStream)
        attribute("gen_ai.response.model", attempt.answeredModel)
        if let first = attempt.firstChunkAt {
            attribute("gen_ai.response.time_to_first_chunk", Double(first - attempt.startedAt) / 1e9)
        }
        attribute("server.address", attempt.origin.host)
        attribute("server.port", attempt.origin.port)
        if attempt.status > 0 { attribute("http.response.status_code", attempt.status) }
        attribute("error.type", attempt.errorType)
        if attempt.usage != Usage() { usage(attempt.usage) }
        attribute("charter.decision", request.decision)
        attribute("charter.attempt", attempt.number)
        attribute("charter.model", attempt.qualifiedName)
        attribute("charter.outcome", attempt.outcome)
        attribute("charter.cost.nano_usd", attempt.cost.rawValue)
        attribute("charter.usage.estimated", attempt.isEstimated)
    }

    private mutating func usage(_ usage: Usage) {
        attribute("gen_ai.usage.input_tokens", usage.input)
        attribute("gen_ai.usage.output_tokens", usage.output)
        if usage.cacheRead > 0 { attribute("gen_ai.usage.cache_read.input_tokens", usage.cacheRead) }
        if usage.cacheWrite > 0 { attribute("gen_ai.usage.cache_write.input_tokens", usage.cacheWrite) }
        if usage.reasoning > 0 { attribute("gen_ai.usage.reasoning.output_tokens", usage.reasoning) }
    }

    private mutating func identity(of request: TracedRequest, span: Int, parent: UInt64?, isRemote: Bool) {
        member("traceId", request.trace.id)
        member("spanId", TraceContext.text(request.trace.spanID(span)))
        if let parent { member("parentSpanId", TraceContext.text(parent)) }
        if !request.traceState.isEmpty { member("traceState", request.traceState) }
        // Two bits say whether the parent is another process's.
        member("flags", Int(request.trace.flags) | Self.knowsParent | (isRemote ? Self.hasRemoteParent : 0))
    }

    private static let knowsParent = 0x100
    private static let hasRemoteParent = 0x200

    private mutating func period(_ kind: SpanKind, from start: Int64, to end: Int64) {
        member("kind", kind.rawValue)
        member("startTimeUnixNano", nanoseconds: start)
        member("endTimeUnixNano", nanoseconds: max(start, end))
    }

    /// Whoever succeeds leaves it unset (OpenTelemetry, Recording errors).
    private mutating func status(isError: Bool) {
        name("status")
        object { if isError { $0.member("code", 2) } }
    }
}

extension TracedRequest {
    /// What is the client's own mistake, or its leaving, is no failure of a server (OpenTelemetry's conventions for HTTP).
    fileprivate var hasFailed: Bool { max(status, error?.status ?? 0) >= 500 }
}

extension TracedAttempt {
    /// The provider's status where it refused, else the reason in one word; nil where it answered or was left.
    fileprivate var errorType: String? {
        guard case .failed(let reason) = ended else { return nil }
        if status >= 400 { return String(status) }
        return String(reason.map { $0 == " " ? "_" : $0 })
    }

    fileprivate var outcome: String {
        switch ended {
        case .complete: "served"
        case .clientLeft: "abandoned"
        case .failed: "failed"
        }
    }
}
