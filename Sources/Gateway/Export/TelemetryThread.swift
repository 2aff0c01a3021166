internal import HTTP

/// The thread that sends telemetry. It never blocks, so its end can be waited for.
struct TelemetryThread: Sendable {
    private let thread: LoopThread
    private let patience: Duration

    init(_ telemetry: Telemetry, _ shared: GatewayShared, gatewayID: String) throws {
        patience = telemetry.options.stopPatience
        thread = try LoopThread.start(name: "telemetry") { loop in
            loop.keep(TelemetryExporter(loop: loop, shared: shared, telemetry: telemetry, gatewayID: gatewayID))
        }
        telemetry.install(thread.remote)
    }

    /// Has the rest sent; the loops that make it must have ended.
    func finish(isCut: Bool) {
        let patience = patience
        thread.remote.post { loop in
            let exporter = loop.kept(TelemetryExporter.self)
            if isCut { exporter?.cut() } else { exporter?.finish(within: patience) }
        }
    }

    /// Waits for the collector no longer.
    func cut() { thread.remote.post { $0.kept(TelemetryExporter.self)?.cut() } }

    func join() { thread.join() }
}
