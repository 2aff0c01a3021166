import Synchronization

/// Keeps what a command has no more use for until the process ends, which frees it at once: taking a hundred thousand resources
/// apart one by one would take a tenth of the time that the whole command does.
enum ProcessLifetime {
    private static let kept = Mutex<[any Sendable]>([])

    static func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }
}
