internal import Policy
internal import Spec
internal import Store

extension ApproverBook {
    /// `own` are the unit's members and roles, `others` what the other units have applied.
    init(_ own: [Resource], beside others: OtherUnits, now: Instant) throws {
        var units: [String: [Resource]] = [:]
        for (uid, row) in others.rows where Self.kinds.contains(row.key.kind) {
            units[others.units[uid] ?? "", default: []].append(try row.readable)
        }
        self.init(own, beside: units.values, now: now)
    }
}

extension ApprovalWord {
    /// A row of the database.
    init(_ row: Approval, _ rights: ApproverBook) {
        let key = ResourceKey(org: row.org, kind: .member, name: row.member)
        self.init(
            approver: .member(key), mail: rights.member(key)?.email?.lowercased(), channel: .console,
            title: "the approval of \(row.org)/\(row.member) at \(row.at.iso8601)", isExpired: row.isExpired)
    }
}
