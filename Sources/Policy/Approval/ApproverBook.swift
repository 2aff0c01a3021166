package import Spec

/// Who may give a word for a unit's plans, and with which rights; a value.
///
/// What another unit declares makes nobody an approver but in the organizations that it declares itself, or whoever writes there
/// could let pass what is held back here. So its roles of the platform give nobody a word here, whoever holds them: with rights that
/// this unit does not declare, it would make approvers of this unit's people.
package struct ApproverBook: Sendable {
    /// Of what the unit itself declares.
    private let own: RightsBook
    /// Of what each other unit declares, by the organizations that are its own.
    private let homes: [String: RightsBook]

    /// What makes approvers of people.
    package static let kinds = RightsBook.kinds.union([.organization])

    /// `own` are the unit's members and roles; `others` what each other unit declares of the same, and its organizations.
    package init(_ own: [Resource], beside others: some Sequence<[Resource]>, now: Instant) {
        // Those of the platform are there for all; one called like a built-in role would change what that means elsewhere.
        let shared = own.filter { $0.key.org == nil && $0.key.kind == .role && Role.builtIn[$0.key.name] == nil }
        var homes: [String: RightsBook] = [:]
        for resources in others {
            let book = RightsBook(shared + resources, now: now)
            for key in resources.map(\.key) where key.kind == .organization {
                if let org = key.org { homes[org] = book }
            }
        }
        self.own = RightsBook(own, now: now)
        self.homes = homes
    }

    package func member(_ key: ResourceKey) -> Member? { book(of: key)?.member(key) }

    package func permissions(of key: ResourceKey) -> Set<Permission> { book(of: key)?.permissions(of: key) ?? [] }

    /// With those that hold in single projects alone; nil for nobody.
    package func rights(of key: ResourceKey) -> Rights? { book(of: key)?.rights(of: key) }

    /// Whether it is the owner itself, or in a group that is.
    package func belongs(_ key: ResourceKey, to owner: ResourceKey) -> Bool {
        key == owner || (book(of: key)?.groups(around: key).contains(owner) ?? false)
    }

    /// Whether the member speaks for all organizations, which no other unit can make anybody do.
    package func isSystemAdmin(_ key: ResourceKey) -> Bool {
        own.member(key) != nil && own.isSystemAdmin(key)
    }

    /// Whether the platform is one organization's affair.
    package var isOfOneOrganization: Bool { own.organizations.union(homes.keys).count == 1 }

    private func book(of key: ResourceKey) -> RightsBook? {
        own.member(key) != nil ? own : key.org.flatMap { homes[$0] }
    }
}
