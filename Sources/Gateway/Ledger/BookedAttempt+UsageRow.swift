internal import Spec
internal import Store

extension BookedAttempt {
    /// The attempt as the ledger keeps it. Its time is that of admission, so that the window whose budget held the
    /// request is the one that pays for it.
    var usageRow: UsageRow {
        let usage = settled.usage
        return UsageRow(
            at: Instant(milliseconds: opened.at), terms: opened.terms.usage, decision: opened.id.decision.hex,
            attempt: Int(opened.id.attempt), status: settled.status, input: usage.input, output: usage.output,
            cacheRead: usage.cacheRead, cacheWrite: usage.cacheWrite, reasoning: usage.reasoning,
            otherMeters: usage.others, requests: settled.isLast ? 1 : 0, cost: NanoUSD(settled.cost), estimated: settled.isEstimated, flags: flags,
            latencyMs: settled.latencyMilliseconds, firstByteMs: settled.firstByteMilliseconds, detail: settled.detail.json)
    }

    /// What was used without a price is told from the terms, so that no request has to.
    private var flags: UsageFlags {
        let isUnpriced = opened.terms.price.meters.isEmpty && settled.usage != MeteredUsage()
        return isUnpriced ? settled.flags.union(.unpriced) : settled.flags
    }
}
