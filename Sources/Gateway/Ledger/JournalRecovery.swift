/// Books what processes of earlier epochs left in the journal.
struct JournalRecovery {
    let directory: JournalDirectory
    let log: Log

    /// What was found and booked.
    struct Outcome: Equatable {
        var epochs = 0
        var settled = 0
        var estimated = 0
    }

    /// Ships every epoch before `own` but the one that is still `living`, and removes its files; repeating it after a failure books
    /// nothing twice. Later ones are of those who have taken this gateway's place while it finishes.
    func run(to target: ShippingTarget, before own: Int64, sparing living: Int64?) throws -> Outcome {
        var outcome = Outcome()
        for epoch in try directory.epochs() where epoch < own && epoch != living {
            outcome.epochs += 1
            let watermarks = try target.watermarks(epoch: epoch)
            let segments = try directory.segments(epoch: epoch)
            for (_, ofLoop) in Dictionary(grouping: segments, by: \.loop).sorted(by: { $0.key < $1.key }) {
                try recover(ofLoop, watermarks, target, &outcome)
            }
            for segment in segments { try directory.remove(segment) }
            directory.removeEpoch(epoch)
        }
        return outcome
    }

    private func recover(
        _ segments: [SegmentIdentity], _ watermarks: [Int64: Int], _ target: ShippingTarget, _ outcome: inout Outcome
    ) throws {
        var follower = LoopFollower(directory: directory, segments: segments, isDead: true, watermarks: watermarks)
        while let batch = try follower.next() {
            try target.ship(batch)
            if batch.to == ShipBatch.closed {
                outcome.estimated += batch.attempts.count
            } else {
                outcome.settled += batch.attempts.count
            }
            if let damage = follower.damage {
                log.warning("a segment of the journal ends in damage", ["segment": batch.segment.fileName, "reason": damage])
            }
        }
    }
}
