/// The policy of one key; the secret itself is never stored, only its SHA-256.
package struct APIKey: Hashable, Sendable {
    /// Name of the Member whose rights the key acts with.
    package var owner: String
    package var project: String?
    package var scopes: [String]
    package var models: ModelRules
    package var limits: [Limit]
    package var budget: BudgetTerms?
    /// IPv4 and IPv6 networks in CIDR form from which the key may be used; empty means anywhere.
    package var networks: [Network]
    package var expires: Instant?
    package var secrets: [Secret]
    package var tests: [KeyTest]

    /// A digest that opens the key, within its window.
    package struct Secret: Hashable, Sendable {
        /// 32 bytes.
        package var sha256: [UInt8]
        package var from: Instant?
        package var until: Instant?
    }

    /// What the author expects of the key; `charter validate` asks the compiled policy.
    package struct KeyTest: Hashable, Sendable {
        package var model: String
        package var endpoint: Endpoint
        package var expect: Expectation
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
