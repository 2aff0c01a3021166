internal import Crypto
internal import Policy
internal import Synchronization

/// Who read figures lately, by what they presented and from where: they are believed for a while where PostgreSQL cannot be asked who they
/// are. From any thread.
final class FigureReaders: Sendable {
    private let known = Mutex<[Reader: ContinuousClock.Instant]>([:])

    private struct Reader: Hashable {
        let credential: SHA256Digest
        let address: ClientAddress?

        /// Nil for a call that presents nothing.
        init?(_ request: AdminRequest) {
            guard let secret = request.credential else { return nil }
            (credential, address) = (SHA256.digest(secret), request.address)
        }
    }

    /// Longer than most outages, and no longer than what is revoked should be of use for figures.
    private static let memory = Duration.seconds(3600)
    private static let countMax = 64

    func knows(_ request: AdminRequest) -> Bool {
        guard let reader = Reader(request) else { return false }
        return known.withLock { known in known[reader].map { ContinuousClock.now - $0 < Self.memory } ?? false }
    }

    /// PostgreSQL said that whoever asks may read them.
    func note(_ request: AdminRequest) {
        guard let reader = Reader(request) else { return }
        known.withLock { known in
            if known[reader] == nil, known.count >= Self.countMax, let oldest = known.min(by: { $0.value < $1.value })?.key { known[oldest] = nil }
            known[reader] = ContinuousClock.now
        }
    }

    /// PostgreSQL said that whoever asks may not.
    func forget(_ request: AdminRequest) {
        guard let reader = Reader(request) else { return }
        known.withLock { $0[reader] = nil }
    }
}
