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

    /// The change once it is over; as it stands now where that takes longer, or too many wait. Holds no transaction meanwhile.
    func ending(of receipt: ChangeReceipt, _ connection: Connection) throws -> ChangeReceipt {
        guard !receipt.isOver, take() else { return receipt }
        defer { free.withLock { $0 += 1 } }
        return try receipt.waiting(patience, connection) { pause in
            usleep(UInt32(clamping: pause.wholeMilliseconds * 1000))
            return true
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
