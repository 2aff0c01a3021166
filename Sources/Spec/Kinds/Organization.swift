/// A tenant: everything under `orgs/<name>/` belongs to it.
package struct Organization: Hashable, Sendable {
    package var displayName: String?
    /// Name of the platform's Plan whose limits apply to the whole organization.
    package var plan: String?
}
