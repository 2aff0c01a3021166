internal import Store

/// Books what processes of earlier epochs left in the journal, a part at a time.
///
/// Repeating it after a failure books nothing twice.
struct JournalRecovery {
    private let directory: JournalDirectory
    private let gateway: String
    private let health: JournalHealth
    private let log: Log
    /// Epochs to do, the oldest first.
    private var epochs: [Int64]
    private var current: Epoch?
    private(set) var outcome = Outcome()

    /// What was found and booked.
    struct Outcome: Equatable {
        var epochs = 0
        var settled = 0
        var estimated = 0
    }

    private struct Epoch {
        var id: Int64
        var followers: [LoopFollower]
        var held: ShipBatch?
    }

    /// Does every epoch before `own` but the one that is still `living`. Later ones are of those who have taken this gateway's
    /// place while it finishes.
    init(
        _ directory: JournalDirectory, of gateway: String, before own: Int64, sparing living: Int64?, health: JournalHealth, log: Log
    ) throws(DiskFault) {
        self.directory = directory
        self.gateway = gateway
        self.health = health
        self.log = log
        epochs = try directory.epochs().filter { $0 < own && $0 != living }
        // What waits counts against the journal's bound from the first moment.
        for epoch in epochs { for segment in try directory.segments(epoch: epoch) { health.grew(by: directory.length(segment)) } }
    }

    /// Whether nothing is left to do.
    var isDone: Bool { epochs.isEmpty }

    /// Goes on until all is done or `isTime`, which is asked between two transactions.
    mutating func run(to target: ShippingTarget, until isTime: () -> Bool) throws {
        while let epoch = epochs.first {
            guard try book(epoch, target, isTime) else { return }
            epochs.removeFirst()
            outcome.epochs += 1
        }
    }

    /// False when it stopped before the epoch's end.
    private mutating func book(_ id: Int64, _ target: ShippingTarget, _ isTime: () -> Bool) throws -> Bool {
        var epoch = try current ?? begin(id, target)
        current = nil
        do {
            for index in epoch.followers.indices {
                while let batch = try epoch.held ?? epoch.followers[index].next() {
                    epoch.held = batch
                    let booked = try target.ship(batch)
                    epoch.held = nil
                    outcome.settled += booked.settled
                    outcome.estimated += booked.estimated
                    tell(of: &epoch.followers[index])
                    if isTime() {
                        current = epoch
                        return false
                    }
                }
                tell(of: &epoch.followers[index])
            }
        } catch {
            // A gap: somebody else has booked a part of it, or the process itself, by a transaction that came late. Or PostgreSQL
            // was set back, and may not even know the epoch. Claim and read it again, from where PostgreSQL stands now.
            if !Shipment.isSetBack(error) { current = epoch }
            throw error
        }
        // The newest segment, with the closing watermark, last.
        for segment in try directory.segments(epoch: id) {
            let isDamaged = epoch.followers.contains { $0.damaged.contains(segment) }
            health.shrank(by: isDamaged ? try directory.setAside(segment) : try directory.remove(segment))
        }
        directory.removeEpoch(id)
        return true
    }

    private func begin(_ id: Int64, _ target: ShippingTarget) throws -> Epoch {
        try target.claim(epoch: id, gateway: gateway)
        let watermarks = try target.watermarks(epoch: id)
        let segments = Dictionary(grouping: try directory.segments(epoch: id), by: \.loop)
        let followers = segments.sorted { $0.key < $1.key }.map { _, ofLoop in
            LoopFollower(directory: directory, segments: ofLoop, isDead: true, watermarks: watermarks)
        }
        return Epoch(id: id, followers: followers)
    }

    private func tell(of follower: inout LoopFollower) {
        for damage in follower.takeDamages() {
            health.lost(bytes: damage.bytes)
            log.error("bytes of the journal cannot be read", damage.fields)
        }
    }
}
