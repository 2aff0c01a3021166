internal import Policy
internal import Spec
package import Store

/// What is known of changes that were asked for.
package enum ChangeQuestion {
    private static let listMax = 100

    /// The newest first.
    package static func list(
        _ connection: Connection, _ tenancy: Tenancy, states: [ChangeRequest.State] = [], before number: Int64? = nil
    ) throws -> ChangeListing {
        ChangeListing(
            requests: try connection.transaction {
                try ChangeRequests.list($0, tenancy, states: states, before: number, limit: listMax)
            })
    }

    /// Throws `ChangeRefused` where there is none of that id, or it is of another organization.
    package static func one(_ connection: Connection, _ tenancy: Tenancy, id: String) throws -> ChangeReceipt {
        try ChangeReceipt(request: connection.transaction { try find(id, tenancy, $0) }, isRepeated: false)
    }

    static func find(_ id: String, _ tenancy: Tenancy, _ transaction: Transaction) throws -> ChangeRequest {
        guard isID(id), let request = try ChangeRequests.one(transaction, tenancy, uid: id) else { throw missing(id) }
        return request
    }

    static func missing(_ id: String) -> ChangeRefused {
        ChangeRefused("there is no change \(id.printable); charter changes list names those there are")
    }

    /// The form of a UUID (RFC 9562), in which alone PostgreSQL takes one.
    static func isID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}

extension Caller {
    /// Whether a change is the caller's own, of which a key is told that carries a right to what is declared there, or the caller has the
    /// permission where it was asked for.
    func reaches(_ change: ChangeRequest, with permission: Permission) -> Bool {
        let enough: [Permission] = [.configRead, .configPropose, .configWrite]
        if let member, change.asked.caller == member.auditName, enough.contains(where: { may($0, in: change.asked.org ?? member.org) }) { return true }
        return (org == nil || change.asked.org == org) && may(permission, in: change.asked.org)
    }
}
