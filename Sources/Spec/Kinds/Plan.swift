/// A tier that organizations are on; its limits apply to each such organization as a whole.
package struct Plan: Hashable, Sendable {
    package var displayName: String?
    package var price: Allowance?
    package var limits: [Limit]
    package var features: [String]
}
