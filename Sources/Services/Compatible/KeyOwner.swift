internal import Policy
internal import Spec
internal import Store

/// Whether keys of a member can call anything: they act with its rights, as gateways know them, whichever unit declares what.
enum KeyOwner {
    /// Throws where the gateway would refuse every one of them.
    static func check(_ member: ResourceKey, _ transaction: Transaction) throws {
        let tenancies = [member.org.map(Tenancy.organization) ?? .platform, .platform]
        let rows = try tenancies.flatMap { try Resources.page(transaction, $0, .role, after: nil, limit: .max) }
            + Resources.page(transaction, tenancies[0], .member, after: nil, limit: .max)
        let people = try rows.map { try Resource.decode(key: $0.key, canonical: $0.canonical) }
        let rights = RightsBook(people, now: try transaction.clock())
        guard !rights.permissions(of: member).contains(.inferenceInvoke) else { return }
        throw Problem(.conflict, "a key acts with its owner's rights, and no role of \(member.name) has \(Permission.inferenceInvoke.rawValue)")
    }
}
