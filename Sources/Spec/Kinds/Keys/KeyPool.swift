/// Keys that are minted at runtime, within declared bounds: the policy is in Git, the keys are not.
package struct KeyPool: Hashable, Sendable {
    package var description: String?
    package var issuers: Issuers
    package var project: String?
    /// At most so many at once.
    package var keys: Int
    package var keysPerIssuer: Int?
    package var each: Grant
    /// How fast all its keys together may be used.
    package var limits: [Limit]
    /// What all its keys together may spend.
    package var budget: BudgetTerms?

    /// Who may mint; those who hold one of the roles may too.
    package struct Issuers: Hashable, Sendable {
        package var members: [String]
        package var roles: [String]
    }

    /// The most that a key of the pool may be given.
    package struct Grant: Hashable, Sendable {
        package var lifetime: Duration
        /// How the names of the keys begin.
        package var prefix: String?
        package var tags: [String: String]
        package var scopes: [String]
        package var models: ModelRules
        package var limits: [Limit]
        package var budget: BudgetTerms?
        package var networks: [Network]
        package var guardrails: [String]
        package var maxOutput: Int64?
        /// What becomes of a key's requests under way when it is revoked or ends.
        package var whenRevoked: APIKey.WhenRevoked
    }
}
