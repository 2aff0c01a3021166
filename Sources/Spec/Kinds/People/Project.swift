/// A part of an organization that keys belong to and usage is counted by.
package struct Project: Hashable, Sendable {
    package var displayName: String?
    package var description: String?
    /// Name of the Member who answers for it.
    package var owner: String?
    /// Names of the Members who work on it; empty means everybody.
    package var members: [String]
    /// Such as `production`.
    package var environment: String?
    package var models: ModelRules
    package var limits: [Limit]
    package var budget: BudgetTerms?
    package var guardrails: [String]
}
