/// An address that is told of events.
package struct Webhook: Hashable, Sendable {
    package var description: String?
    package var url: String
    package var events: [Event]
    /// What deliveries are signed with.
    package var secret: SecretReference?
    package var format: Format
    package var headers: [String: String]
    /// What the header `authorization` holds.
    package var authorization: SecretReference?
    package var timeout: Duration
    package var retry: Retry
    package var filter: Filter?
    /// Whether the address may be loopback, link-local or private.
    package var privateNetwork: Bool

    package enum Format: String, CaseIterable, Sendable {
        /// https://www.standardwebhooks.com
        case standardWebhooks = "standard-webhooks"
        /// CloudEvents 1.0, in the structured mode of HTTP.
        case cloudevents
    }

    package struct Retry: Hashable, Sendable {
        package var attempts: Int
        /// How long after the event it is still delivered.
        package var within: Duration
    }

    /// Which events are told; all conditions given must hold.
    package struct Filter: Hashable, Sendable {
        /// Of a platform's webhook only.
        package var organizations: [String]
        package var kinds: [Kind]
        package var labels: [String: String]
    }

    package enum Event: String, CaseIterable, Sendable {
        case revisionApplied = "revision.applied"
        case revisionRejected = "revision.rejected"
        case revisionEnforced = "revision.enforced"
        case planBlocked = "plan.blocked"
        case planApproved = "plan.approved"
        case driftOpened = "drift.opened"
        case driftClosed = "drift.closed"
        case driftContested = "drift.contested"
        case budgetThreshold = "budget.threshold"
        case budgetExhausted = "budget.exhausted"
        case budgetReset = "budget.reset"
        case limitExceeded = "limit.exceeded"
        case keyExpiring = "key.expiring"
        case keyExpired = "key.expired"
        case keyMinted = "key.minted"
        case keyRevoked = "key.revoked"
        case overrideOpened = "override.opened"
        case overrideClosed = "override.closed"
        case providerDown = "provider.down"
        case providerUp = "provider.up"
        case guardrailTripped = "guardrail.tripped"
        case workflowFailed = "workflow.failed"
        case workflowSucceeded = "workflow.succeeded"
        case agentStopped = "agent.stopped"
        case invoiceReady = "invoice.ready"
        case sourceStale = "source.stale"

        /// For the reference page.
        package var about: String {
            switch self {
            case .revisionApplied: "a commit was applied"
            case .revisionRejected: "a commit has mistakes and changed nothing"
            case .revisionEnforced: "every gateway enforces a revision"
            case .planBlocked: "a plan waits for an approval"
            case .planApproved: "somebody let a plan pass"
            case .driftOpened: "the database holds something else than what was applied"
            case .driftClosed: "it no longer does"
            case .driftContested: "another writer keeps undoing what is put right"
            case .budgetThreshold: "a share of a budget is spent"
            case .budgetExhausted: "a budget refuses requests"
            case .budgetReset: "a budget was set back"
            case .limitExceeded: "a limit refuses requests"
            case .keyExpiring: "a key or secret is about to expire"
            case .keyExpired: "a key or secret has expired"
            case .keyMinted: "a key was minted from a pool"
            case .keyRevoked: "a key was ended"
            case .overrideOpened: "a rule was set aside for a time"
            case .overrideClosed: "it holds again"
            case .providerDown: "a provider fails"
            case .providerUp: "it answers again"
            case .guardrailTripped: "a guardrail refused or changed something"
            case .workflowFailed: "a run of a workflow failed"
            case .workflowSucceeded: "a run of a workflow ended well"
            case .agentStopped: "a run of an agent reached one of its limits"
            case .invoiceReady: "an invoice can be fetched"
            case .sourceStale: "the repository could not be read for too long"
            }
        }

        /// Whether this version tells of it at all.
        package var isSent: Bool {
            switch self {
            case .revisionApplied, .revisionRejected, .revisionEnforced, .planBlocked, .planApproved, .driftOpened, .driftClosed,
                .driftContested, .sourceStale, .budgetThreshold, .budgetExhausted, .budgetReset, .overrideOpened, .overrideClosed:
                true
            default: false
            }
        }
    }
}
