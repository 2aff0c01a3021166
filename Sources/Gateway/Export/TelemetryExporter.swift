internal import HTTP

/// Sends what the gateway measures to a collector. Confined to a loop and a thread of its own, so that no request waits for it.
final class TelemetryExporter {
    private let loop: EventLoop
    private let shared: GatewayShared
    private let telemetry: Telemetry
    private let resource: TelemetryResource
    private let started = WallClock.unixNanoseconds
    private var spans: CollectorDelivery?
    private var metrics: CollectorDelivery?
    private var isFinishing = false
    /// Whether the metrics of the end have been sent, or are on their way.
    private var hasLastMetrics = false

    init(loop: EventLoop, shared: GatewayShared, telemetry: Telemetry, gatewayID: String) {
        self.loop = loop
        self.shared = shared
        self.telemetry = telemetry
        let options = telemetry.options
        resource = TelemetryResource(options.resource, gatewayID: gatewayID)
        let client = Client(loop: loop, tls: options.tls)
        func delivery(_ signal: TelemetrySignal, _ address: CollectorAddress?) -> CollectorDelivery? {
            address.map { CollectorDelivery(signal, to: $0, telemetry, client: client, loop: loop, log: shared.log) }
        }
        spans = delivery(.traces, options.traces)
        metrics = delivery(.metrics, options.metrics)
        if spans != nil { repeatSpans() }
        if metrics != nil { repeatMetrics() }
    }

    private func repeatSpans() {
        loop.schedule(after: telemetry.options.spansEvery) { [weak self] in
            self?.sendSpans()
            self?.repeatSpans()
        }
    }

    private func repeatMetrics() {
        loop.schedule(after: telemetry.options.metricsEvery) { [weak self] in
            self?.sendMetrics()
            self?.repeatMetrics()
        }
    }

    /// Sends what waits, a batch at a time.
    func sendSpans() {
        guard let spans, !spans.isBusy else { return }
        let batch = telemetry.nextBatch()
        guard !batch.isEmpty else { return }
        let message = TraceMessage(batch, resource)
        spans.send(message.bytes, itemCount: message.spanCount) { [weak self] in self?.spansSent() }
    }

    private func spansSent() {
        if isFinishing || telemetry.hasBatch { sendSpans() }
        endIfDone()
    }

    /// Sends how the metrics stand. One that is still on its way is not overtaken: the next tells as much.
    private func sendMetrics() {
        guard let metrics, !metrics.isBusy, !hasLastMetrics else { return }
        hasLastMetrics = isFinishing
        let message = MetricsMessage(
            GatewayMetrics(shared: shared), telemetry, resource, isSecure: shared.options.tls != nil, start: started,
            now: WallClock.unixNanoseconds)
        metrics.send(message.bytes, itemCount: message.pointCount) { [weak self] in self?.metricsSent() }
    }

    private func metricsSent() {
        if isFinishing { sendMetrics() }
        endIfDone()
    }

    /// Sends the rest, for at most `patience`, and ends the loop; no request is under way any more.
    func finish(within patience: Duration) {
        isFinishing = true
        let end = loop.now + patience
        loop.schedule(after: patience) { [weak self] in self?.cut() }
        spans?.hurry(by: end)
        metrics?.hurry(by: end)
        sendSpans()
        sendMetrics()
        endIfDone()
    }

    /// Waits for the collector no longer.
    func cut() {
        isFinishing = true
        hasLastMetrics = true
        var batch = telemetry.nextBatch()
        while !batch.isEmpty {
            telemetry.counts.count(.traces, .dropped, batch.reduce(0) { $0 + $1.spanCount })
            batch = telemetry.nextBatch()
        }
        spans?.cancel()
        metrics?.cancel()
        loop.stop()
    }

    private func endIfDone() {
        guard isFinishing, spans?.isBusy != true, metrics == nil || hasLastMetrics && metrics?.isBusy != true else { return }
        loop.stop()
    }
}
