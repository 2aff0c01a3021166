/// The policy of one key; the secret itself is never stored, only its SHA-256.
package struct APIKey: Hashable, Sendable {
    package var description: String?
    /// Name of the Member whose rights the key acts with.
    package var owner: String
    package var project: String?
    /// By which its usage is told apart in bills and budgets.
    package var tags: [String: String]
    package var scopes: [String]
    package var models: ModelRules
    package var limits: [Limit]
    package var budget: BudgetTerms?
    /// IPv4 and IPv6 networks in CIDR form from which the key may be used; empty means anywhere.
    package var networks: [Network]
    /// Networks from which it may not be used, whatever `networks` says.
    package var denyNetworks: [Network]
    /// Web pages that may send it; empty means that no browser may.
    package var origins: [String]
    /// What holds for each of the people behind the key, whom requests name by `user`.
    package var users: EndUsers
    /// Names of Guardrails.
    package var guardrails: [String]
    package var maxInput: Int64?
    package var maxOutput: Int64?
    /// The model of requests that name none.
    package var defaultModel: String?
    package var priority: Priority
    /// Whether its answers may be kept, and come from what was kept.
    package var cache: Bool
    /// Within what time a secret is to be replaced by another.
    package var rotateWithin: Duration?
    package var expires: Instant?
    /// What becomes of its requests under way when it is revoked, suspended, or out of its time.
    package var whenRevoked: WhenRevoked
    package var secrets: [Secret]
    package var tests: [KeyTest]

    /// A digest that opens the key, within its window.
    package struct Secret: Hashable, Sendable {
        /// 32 bytes.
        package var sha256: [UInt8]
        package var from: Instant?
        package var until: Instant?
        /// How the secret begins, for people to recognise it.
        package var prefix: String?
    }

    package struct EndUsers: Hashable, Sendable {
        /// Whether a request that names nobody is refused.
        package var required = false
        package var limits: [Limit] = []
        package var budget: BudgetTerms?
    }

    /// Who waits when not everybody can be served.
    package enum Priority: String, CaseIterable, Sendable {
        case low, normal, high
    }

    /// What the author expects of the key; `charter validate` asks the compiled policy.
    package struct KeyTest: Hashable, Sendable {
        package var model: String
        package var endpoint: Endpoint
        package var expect: Expectation
    }

    /// What becomes of requests under way whose key no longer opens anything.
    package enum WhenRevoked: String, CaseIterable, Sendable {
        /// They come to their own end.
        case finish
        /// They end at once.
        case cut
    }

    package enum Expectation: Hashable, Sendable {
        case allow
        /// With the code of the refusal, such as `model_not_allowed`.
        case deny(String)
    }
}

package struct Network: Hashable, Sendable {
    /// 4 or 16 bytes in network order.
    package var address: [UInt8]
    package var prefixLength: Int
}
