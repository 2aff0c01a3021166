internal import FoundationEssentials
internal import Spec
internal import Store

/// One reason for which a plan waits, as its row keeps it.
struct WaitingBlock: Decodable {
    var code: String
    var message: String
    var approvable: Bool
    /// Whose affair it is, with `-` for the platform; nil in rows that say nothing of it.
    var orgs: [String]?

    static let platform = "-"

    /// As the people of one organization may see it: of what is also another's only the code.
    func json(for org: String, isAlone: Bool) -> JSONTree {
        let others = (orgs ?? [Self.platform]).filter { $0 != org && !(isAlone && $0 == Self.platform) }
        return .object([
            ("code", .string(code)), ("message", others.isEmpty ? .string(message) : .null), ("approvable", .bool(approvable)),
        ])
    }

    /// What `json` looks like.
    static let shape = AdminShape.object(["code": .string, "message": .optional(.string), "approvable": .boolean])
}

extension WaitingPlan {
    /// None where a hand wrote what cannot be read.
    var reasons: [WaitingBlock] { (try? JSONDecoder().decode([WaitingBlock].self, from: Data(blocks.utf8))) ?? [] }
}

extension WaitingPlans {
    /// Those that concern an organization, or all of them.
    static func of(_ transaction: Transaction, _ tenancy: Tenancy) throws -> [WaitingPlan] {
        guard case .organization(let org) = tenancy else { return try list(transaction) }
        return try of(transaction, org: org).plans
    }

    /// Those that concern an organization. The platform is the affair of the only one there is.
    static func of(_ transaction: Transaction, org: String) throws -> (plans: [WaitingPlan], isAlone: Bool) {
        let isAlone = try Resources.page(transaction, .everything, .organization, after: nil, limit: 2).count == 1
        let plans = try list(transaction).filter { plan in
            let orgs = Set(plan.reasons.flatMap { $0.orgs ?? [] })
            return orgs.contains(org) || (isAlone && orgs.contains(WaitingBlock.platform))
        }
        return (plans, isAlone)
    }
}
