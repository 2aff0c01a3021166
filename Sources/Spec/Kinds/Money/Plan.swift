/// A tier that organizations are on; its limits apply to each such organization as a whole.
package struct Plan: Hashable, Sendable {
    package var displayName: String?
    package var description: String?
    package var price: Allowance?
    /// What a year costs that is paid at once.
    package var yearlyPrice: NanoUSD?
    package var trial: Duration?
    /// What the price pays for.
    package var includes: [Allowance]
    package var overage: Overage?
    package var limits: [Limit]
    package var models: ModelRules
    package var quotas: Quotas
    package var perMember: Share
    package var perKey: Share
    package var features: [String]
    package var support: String?
    /// In hundredths of a percent of a month.
    package var availability: Int?
    package var retention: Organization.Retention

    /// What becomes of use beyond what is included.
    package struct Overage: Hashable, Sendable {
        package enum Action: String, CaseIterable, Sendable { case block, bill, notify }

        package var action: Action
        /// For one request, and for a million tokens.
        package var prices: [String: PicoUSDPerMillion]
        /// On top of what the models cost, in hundredths of a percent.
        package var markup: Int?
        /// The most that may be billed.
        package var most: Allowance?
    }

    /// How many of a kind an organization may declare; nil for any number.
    package struct Quotas: Hashable, Sendable {
        package var projects: Int?
        package var members: Int?
        package var keys: Int?
        package var keyPools: Int?
        package var workflows: Int?
        package var agents: Int?
        package var webhooks: Int?
    }

    /// The most that one member, or one key, may take of the whole.
    package struct Share: Hashable, Sendable {
        package var keys: Int?
        package var limits: [Limit] = []
        package var lifetime: Duration?
    }
}
