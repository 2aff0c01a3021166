/// A tenant: everything under `orgs/<name>/` belongs to it.
package struct Organization: Hashable, Sendable {
    package var displayName: String?
    /// Name of the platform's Plan whose limits apply to the whole organization.
    package var plan: String?
    package var contacts: Contacts?
    package var billing: Billing?
    /// IANA name of the zone of its calendar.
    package var zone: String?
    /// Labels that every model must have to be used: where data may go.
    package var residency: [String: String]
    package var models: ModelRules
    package var limits: [Limit]
    /// What its keys have that do not say otherwise.
    package var keyDefaults: KeyDefaults?
    package var guardrails: [String]
    package var signIn: SignIn?
    /// How much of a rule a refused client is told, in place of what the repository says.
    package var disclosure: Repository.Disclosure?
    /// What becomes of a request to a model without a price; without it, a budget in USD refuses it.
    package var unknownPrice: UnknownPrice?
    package var durability: Durability?
    /// How old the enforced revision may be while PostgreSQL is away.
    package var maxStale: Duration?
    package var whenStale: StaleAction?
    package var retention: Retention?

    package struct Contacts: Hashable, Sendable {
        package var technical: String?
        package var billing: String?
        package var security: String?
    }

    package struct Billing: Hashable, Sendable {
        package var email: String?
        package var address: String?
        package var taxID: String?
        package var reference: String?
    }

    package struct KeyDefaults: Hashable, Sendable {
        package var limits: [Limit]
        /// Within what time a secret must be replaced.
        package var rotateWithin: Duration?
        package var networks: [Network]
    }

    package struct SignIn: Hashable, Sendable {
        package enum SecondFactor: String, CaseIterable, Sendable { case off, recommended, required }

        /// Addresses in these domains sign in with the identity provider.
        package var domains: [String]
        /// The OpenID Connect issuer.
        package var issuer: String?
        /// What its tokens must be made for.
        package var audience: String
        /// The claim of its tokens that names groups.
        package var groupsClaim: String
        package var secondFactor: SecondFactor
    }

    package enum UnknownPrice: Hashable, Sendable {
        case allow
        case deny
        /// With the prices of this model.
        case priceAs(String)
    }

    package enum Durability: String, CaseIterable, Sendable { case standard, strict }
    package enum StaleAction: String, CaseIterable, Sendable { case deny, allow }

    package struct Retention: Hashable, Sendable {
        package var usage: Duration?
        package var decisions: Duration?
        package var audit: Duration?
    }
}
