/// A person of an organization, with the roles they hold there.
package struct Member: Hashable, Sendable {
    package var email: String
    package var displayName: String?
    /// Names of Roles of the organization, of the platform, or built in.
    package var roles: [String]
}
