package import Policy
package import Spec
package import Store

/// Who asks, with what they may do: the answer of `Identity` to a proof that was presented; a value of one call, never kept.
package struct Caller: Hashable, Sendable {
    /// For the audit: `acme/sam`, or the account at the host.
    package let name: String
    /// Nil for whoever runs the host.
    package let member: ResourceKey?
    /// The one organization whose things the caller may be told of; nil for one who speaks for the platform.
    package let org: String?
    package let rights: Rights
    package let proof: Proof
    /// The Project of an app that asks by a key without permissions: it is told of itself, and of nothing else.
    package let application: ResourceKey?

    /// By what the caller is known.
    package enum Proof: Hashable, Sendable {
        /// The declared APIKey, as `acme/APIKey/ops`.
        case key(id: String)
        case token(issuer: String, subject: String)
        /// The account of a process of this machine.
        case socket(account: String)
    }

    package init(name: String, member: ResourceKey?, rights: Rights, proof: Proof, application: ResourceKey? = nil) {
        self.name = name
        self.member = member
        org = rights.onPlatform.isEmpty ? rights.org : nil
        self.rights = rights
        self.proof = proof
        self.application = application
    }

    /// Whose rows the caller's questions see.
    package var tenancy: Tenancy { org.map { .organization($0) } ?? .everything }

    /// Whether the caller may do it in an organization, or where `org` is nil on the platform itself.
    package func may(_ permission: Permission, in org: String?, project: String? = nil) -> Bool {
        rights.permits(permission, in: org, project: project)
    }
}
