internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// What the loops and the exporter share.
final class Telemetry: Sendable {
    let options: TelemetryOptions
    let counts = TelemetryCounts()
    /// One for each loop; none where no spans are exported.
    private let queues: [SpanQueue]
    private let exporter = Mutex<LoopRemote?>(nil)
    private let models = Mutex<[String: ExportedModel]>([:])

    init(_ options: TelemetryOptions, loops: Int) {
        self.options = options
        queues = options.traces == nil ? [] : (0..<loops).map { _ in SpanQueue(spansMax: options.waitingSpansMax) }
    }

    var signals: [TelemetrySignal] { (options.traces == nil ? [] : [.traces]) + (options.metrics == nil ? [] : [.metrics]) }

    /// By what it is decided which requests have spans; nil where none has.
    var sampler: TraceSampler? { queues.isEmpty ? nil : options.sampler }

    /// Has the exporter woken when a batch is there.
    func install(_ remote: LoopRemote) { exporter.withLock { $0 = remote } }

    /// Takes the spans of a request that is over; it never waits.
    func take(_ request: TracedRequest, loop: Int) {
        guard let waiting = queues[loop].append(request) else { return counts.count(.traces, .dropped, request.spanCount) }
        let batch = options.batchSpansMax
        guard waiting >= batch, waiting - request.spanCount < batch, let remote = exporter.withLock({ $0 }) else { return }
        remote.post { $0.kept(TelemetryExporter.self)?.sendSpans() }
    }

    /// Whether a whole batch waits.
    var hasBatch: Bool { queues.contains { $0.spanCount >= options.batchSpansMax } }

    /// The spans of the next message, of all loops.
    func nextBatch() -> [TracedRequest] {
        var batch: [TracedRequest] = []
        var room = options.batchSpansMax
        for queue in queues where room > 0 {
            let taken = queue.take(spans: room)
            batch += taken
            room -= taken.reduce(0) { $0 + $1.spanCount }
        }
        return batch
    }

    /// Remembers what the models are called where they are; those of earlier revisions too, as they have been counted.
    func learn(_ snapshot: Snapshot) {
        let named = snapshot.models.map { model in
            let provider = GenAINames.provider(model.provider.name, model.provider.spec.dialect)
            return (model.qualifiedName, ExportedModel(provider: provider, upstream: model.upstreamName))
        }
        models.withLock { $0.merge(named) { _, new in new } }
    }

    func model(_ qualifiedName: String) -> ExportedModel? { models.withLock { $0[qualifiedName] } }
}
