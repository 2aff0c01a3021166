import Spec

@testable import Store

extension Override {
    /// One of the key `main` of acme, for ten minutes unless said otherwise; `milliseconds` from `start` on.
    static func denial(_ uid: String, lasting milliseconds: Int64 = 600_000, from start: Instant) -> Override {
        Override(
            uid: uid, target: ResourceKey(org: "acme", kind: .apiKey, name: "main"), targetUID: "key", effect: .denial, owner: "ada",
            reason: "it leaked", baseRevision: 1, createdAt: start, expiresAt: Instant(milliseconds: start.milliseconds + milliseconds))
    }
}
