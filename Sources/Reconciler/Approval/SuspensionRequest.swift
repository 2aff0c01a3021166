internal import Policy
package import Spec
package import Store

/// `charter suspend` and `charter resume`: whether anything is applied to a unit.
package struct SuspensionRequest: Sendable {
    /// The only one there is where nil.
    package var unit: String?
    package var actor: String

    /// When one ends by itself.
    package enum End: Hashable, Sendable {
        case at(Instant)
        /// Counted by the database's clock, as is whether it is over.
        case after(Duration)
    }

    package init(unit: String?, actor: String) { (self.unit, self.actor) = (unit, actor) }

    /// Waits for an apply under way; from then on nothing is applied. Answers what to tell.
    package func suspend(_ connection: Connection, reason: String, until end: End?) throws -> String {
        try settling(connection) { unit, transaction in
            let until = try end.map { try $0.instant(transaction) }
            // Writing the row makes an apply that began earlier start over, and see the suspension.
            try Units.touch(transaction, name: unit)
            try UnitSuspensions.set(transaction, unit: unit, actor: actor, reason: reason, until: until)
            guard let suspension = try UnitSuspensions.of(transaction, unit: unit) else {
                throw RequestRefusal("\(until?.iso8601 ?? "that time") is over already, by the database's clock")
            }
            try record("unit.suspended", unit, suspension.detail, transaction)
            Failpoint.beforeSuspension.reach()
            return "\(suspension.sentence).\nNothing is applied to it"
                + (until == nil ? " until charter resume \(unit)." : ", and it goes on by itself.")
        }
    }

    package func resume(_ connection: Connection, reason: String?) throws -> String {
        try settling(connection) { unit, transaction in
            try Units.touch(transaction, name: unit)
            let wasSuspended = try UnitSuspensions.end(transaction, unit: unit)
            let wasHeld = try UnitHolds.end(transaction, unit: unit)
            guard wasSuspended || wasHeld else { return "Unit \(unit) is not suspended." }
            try record("unit.resumed", unit, .object([("reason", .optional(reason))]), transaction)
            return "Unit \(unit) goes on."
        }
    }

    /// Acts in a transaction, and then records how the unit stands, so that the time of the act outlives it.
    private func settling(_ connection: Connection, _ act: (String, Transaction) throws -> String) throws -> String {
        let (unit, said) = try connection.transaction { transaction in
            let unit = try name(transaction)
            return (unit, try act(unit, transaction))
        }
        try? ConditionLedger.settle(connection, unit: unit)
        return said
    }

    private func record(_ action: String, _ unit: String, _ detail: JSONTree, _ transaction: Transaction) throws {
        try Audit.append(transaction, .platform, actor: actor, action: action, subject: unit, detail: detail.text)
    }

    private func name(_ transaction: Transaction) throws -> String {
        let names = try Units.status(transaction).map(\.name)
        guard !names.isEmpty else { throw RequestRefusal("there is no unit yet: charter apply, or charter watch, begins") }
        guard let unit else {
            guard names.count == 1 else {
                throw RequestRefusal("there are several units, so name one: \(names.joined(separator: ", "))")
            }
            return names[0]
        }
        guard names.contains(unit) else {
            throw RequestRefusal("there is no unit \(unit); there is \(names.joined(separator: ", "))")
        }
        return unit
    }
}

extension SuspensionRequest.End {
    fileprivate func instant(_ transaction: Transaction) throws -> Instant {
        switch self {
        case .at(let instant): instant
        case .after(let length): Instant(milliseconds: try transaction.clock().milliseconds + length.wholeMilliseconds)
        }
    }
}

extension UnitSuspension {
    fileprivate var detail: JSONTree {
        .object([("reason", .string(reason)), ("until", .optional(until?.iso8601))])
    }
}
