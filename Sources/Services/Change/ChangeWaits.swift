internal import Glibc
internal import Spec
internal import Store
internal import Synchronization

/// Calls that wait for the end of a change, a few at once, so that others find a worker. Callable from any thread.
final class ChangeWaits: Sendable {
    private let free: Mutex<Int>
    private let patience: Duration

    /// `patience` is how long a call waits for what the reconciler makes of it.
    init(max: Int, patience: Duration) {
        free = Mutex(max)
        self.patience = patience
    }

    /// The changes once they are over; as they stand now where that takes longer, or too many wait. Holds no transaction meanwhile.
    func ending(of receipts: [ChangeReceipt], _ connection: Connection) throws -> [ChangeReceipt] {
        guard !receipts.allSatisfy(\.isOver), take() else { return receipts }
        defer { free.withLock { $0 += 1 } }
        let end = ContinuousClock.now + patience
        return try receipts.map { receipt in
            try receipt.waiting(end - .now, connection) { pause in
                usleep(UInt32(clamping: pause.wholeMilliseconds * 1000))
                return true
            }
        }
    }

    private func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }
}
