internal import Spec
internal import Store

extension BookedAttempt {
    /// The attempt as the ledger keeps it. Its time is that of admission, so that the window whose budget held the
    /// request is the one that pays for it.
    var usageRow: UsageRow {
        let account = opened.account
        let usage = settled.usage
        return UsageRow(
            at: Instant(milliseconds: opened.at), org: account.org, orgUID: account.orgUID, project: account.project,
            projectUID: account.projectUID, member: account.member, memberUID: account.memberUID, key: account.key,
            keyUID: account.keyUID, decision: opened.id.decision.hex, attempt: Int(opened.id.attempt),
            endpoint: opened.endpoint, requestedModel: opened.requestedModel, model: opened.model, route: opened.route,
            status: settled.status, input: usage.input, output: usage.output, cacheRead: usage.cacheRead,
            cacheWrite: usage.cacheWrite, reasoning: usage.reasoning, otherMeters: usage.others,
            cost: NanoUSD(settled.cost), estimated: settled.isEstimated, revision: opened.revision,
            priceVersion: opened.price.version, latencyMs: settled.latencyMilliseconds,
            firstByteMs: settled.firstByteMilliseconds, detail: settled.detail)
    }
}
