import Policy
import Spec

extension Snapshot {
    /// All of them at once.
    func durableSeeds(now: Instant) -> [DurableSeed] {
        var all: [DurableSeed] = []
        forEachDurableSeeds(1_000, now: now) { all += $0 }
        return all
    }
}
