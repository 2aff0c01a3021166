internal import Policy
package import Spec
package import Store

/// `charter budget list`: what each budget has counted of its window, by the ledger and without what was forgiven, and what requests
/// under way hold of it.
package struct BudgetTable: Sendable {
    private let standings: [BudgetStanding]
    private let reservations: BudgetReservations
    private let now: Instant

    /// Those of one organization, or of all; of some of its projects alone where `reach` says so. Reads alone.
    package init(_ connection: Connection, org: String?, reach: ProjectReach = .everything) throws {
        (standings, reservations, now) = try connection.transaction(.repeatableRead) { transaction in
            let book = try BudgetBook(transaction, org: org)
            let counters = book.counters.filter { reach.includes(book.projects[$0.resource]) }
            return (try book.standings(transaction, of: counters), try BudgetReservations(transaction, of: counters), book.now)
        }
    }

    package var text: String {
        if standings.isEmpty { return "No budgets." }
        let head = ["BUDGET", "AMOUNT", "SINCE", "LEDGER", "FORGIVEN", "COUNTED", "RESERVED", "LEFT"]
        let rows = standings.map { standing in
            [
                standing.counter.resource.description, standing.counter.text, standing.counter.window.start.iso8601,
                figure(standing, standing.ledger), figure(standing, standing.forgiven), figure(standing, standing.counted),
                reservations.amount(of: standing.counter).map { figure(standing, $0) } ?? "-",
                standing.left.map { figure(standing, $0) } ?? "-",
            ]
        }
        let resets = standings.flatMap { standing in standing.resets.map { standing.line($0) } }
        let lines = [FigureTable([head] + rows, labels: 3).text, "", reservedLine] + (resets.isEmpty ? [] : ["", "Set back:"] + resets)
        return lines.joined(separator: "\n")
    }

    private var reservedLine: String {
        guard let at = reservations.at else { return "No gateway has told in the last \(Replicas.silenceMax.text) what requests under way hold." }
        let age = Duration.milliseconds(max(0, now.milliseconds - at.milliseconds) / 1000 * 1000)
        return "Reserved is what requests under way hold, as gateways told \(age == .zero ? "just now" : age.text + " ago")."
    }

    private func figure(_ standing: BudgetStanding, _ amount: Int64) -> String {
        standing.counter.meter == .usd ? NanoUSD(amount).dollars : String(amount)
    }

    /// `left` is without what is reserved, which ends as less, or nothing.
    package var json: JSONTree {
        let at = JSONTree.optional(reservations.at?.iso8601)
        let budgets = standings.map { $0.json(reserved: reservations.amount(of: $0.counter)) }
        return .object([("format", .int(1)), ("reservedAt", at), ("budgets", .array(budgets))])
    }
}

extension BudgetStanding {
    /// Nil where it refuses nothing.
    fileprivate var left: Int64? { counter.amount.map { max(0, $0 - counted) } }

    fileprivate func line(_ reset: BudgetReset) -> String {
        "  \(reset.at?.iso8601 ?? "")  \(counter.resource)  \(text(reset.amount))  by \(reset.actor.printable): \(reset.reason.printable)"
    }

    fileprivate func json(reserved: Int64?) -> JSONTree {
        .object([
            ("budget", .string(counter.resource.description)), ("amount", .string(counter.text)), ("counter", .string(counter.name)),
            ("unit", .string(unit)), ("windowStart", .string(counter.window.start.iso8601)), ("windowEnd", .optional(windowEnd?.iso8601)),
            ("ledger", .int(ledger)), ("forgiven", .int(forgiven)), ("counted", .int(counted)),
            ("reserved", reserved.map { .int($0) } ?? .null), ("left", left.map { .int($0) } ?? .null),
            ("resets", .array(resets.map { reset in
                .object([
                    ("id", .int(reset.id)), ("at", .optional(reset.at?.iso8601)), ("by", .string(reset.actor)), ("reason", .string(reset.reason)),
                    ("forgiven", .int(reset.amount)),
                ])
            })),
        ])
    }
}
