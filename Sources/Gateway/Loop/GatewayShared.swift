internal import Synchronization

/// What all threads of one gateway share.
final class GatewayShared: Sendable {
    let options: GatewayOptions
    let log: Log
    let journalHealth = JournalHealth()
    let status = GatewayStatus()
    let metrics: [MetricsShard]
    /// Set when the process has been asked to stop: it answers on, but is no longer ready.
    let isDraining = Atomic<Bool>(false)
    private let shipper = Mutex<LedgerShipper?>(nil)

    init(options: GatewayOptions, log: Log) {
        self.options = options
        self.log = log
        metrics = (0..<options.loops).map { _ in MetricsShard() }
    }

    var shipping: LedgerShipper.Progress? { shipper.withLock { $0 }?.state }

    /// Ships what is left; the loops must have ended.
    func drainShipper() {
        let running = shipper.withLock { $0 }
        running?.drain(within: options.databasePatience)
    }

    func install(_ shipper: LedgerShipper) { self.shipper.withLock { $0 = shipper } }

    /// Why the gateway is not ready; empty when it is.
    var faults: [String] {
        var faults = status.faults
        if isDraining.load(ordering: .relaxed) { faults.append("the gateway is stopping") }
        if let fault = journalHealth.fault { faults.append("the journal cannot be written: \(fault)") }
        return faults
    }
}
