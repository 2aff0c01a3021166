/// A person, a service or a group of an organization, with the roles they hold there.
package struct Member: Hashable, Sendable {
    package enum Sort: String, CaseIterable, Sendable {
        case person, service
        /// Its roles are those of its members too.
        case group
    }

    package var sort: Sort
    /// Always there for a person.
    package var email: String?
    package var displayName: String?
    /// The name at the Git host, such as `@sam` or `@acme/leads`.
    package var handle: String?
    /// The subject in the tokens of the organization's identity provider.
    package var externalID: String?
    /// Names of Roles of the organization, of the platform, or built in.
    package var roles: [String]
    /// Roles held in one Project only.
    package var projects: [ProjectRoles]
    /// Of a group: names of Members.
    package var members: [String]
    /// Of a group: the group of the identity provider whose people belong to it too.
    package var externalGroup: String?
    /// How fast all keys of the owner together may be used.
    package var limits: [Limit]

    package struct ProjectRoles: Hashable, Sendable {
        package var project: String
        package var roles: [String]
    }
}
