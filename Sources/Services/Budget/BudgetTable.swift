internal import Policy
package import Spec
package import Store

/// `charter budget list`: what each budget has counted of its window, by the ledger and without what was forgiven.
package struct BudgetTable: Sendable {
    private let standings: [BudgetStanding]

    /// Those of one organization, or of all; of some of its projects alone where `reach` says so. Reads alone.
    package init(_ connection: Connection, org: String?, reach: ProjectReach = .everything) throws {
        standings = try connection.transaction(.repeatableRead) { transaction in
            let book = try BudgetBook(transaction, org: org)
            return try book.standings(transaction, of: book.counters.filter { reach.includes(book.projects[$0.resource]) })
        }
    }

    package var text: String {
        if standings.isEmpty { return "No budgets." }
        let head = ["BUDGET", "AMOUNT", "SINCE", "LEDGER", "FORGIVEN", "COUNTED", "LEFT"]
        let rows = standings.map { standing in
            [
                standing.counter.resource.description, standing.counter.text, standing.counter.window.start.iso8601,
                figure(standing, standing.ledger), figure(standing, standing.forgiven), figure(standing, standing.counted),
                standing.left.map { figure(standing, $0) } ?? "-",
            ]
        }
        let resets = standings.flatMap { standing in standing.resets.map { standing.line($0) } }
        return ([FigureTable([head] + rows, labels: 3).text] + (resets.isEmpty ? [] : ["", "Set back:"] + resets)).joined(separator: "\n")
    }

    private func figure(_ standing: BudgetStanding, _ amount: Int64) -> String {
        standing.counter.meter == .usd ? NanoUSD(amount).dollars : String(amount)
    }

    package var json: JSONTree { .object([("format", .int(1)), ("budgets", .array(standings.map(\.json)))]) }
}

extension BudgetStanding {
    /// Nil where it refuses nothing.
    fileprivate var left: Int64? { counter.amount.map { max(0, $0 - counted) } }

    fileprivate func line(_ reset: BudgetReset) -> String {
        "  \(reset.at?.iso8601 ?? "")  \(counter.resource)  \(text(reset.amount))  by \(reset.actor.printable): \(reset.reason.printable)"
    }

    fileprivate var json: JSONTree {
        .object([
            ("budget", .string(counter.resource.description)), ("amount", .string(counter.text)), ("counter", .string(counter.name)),
            ("unit", .string(unit)), ("windowStart", .string(counter.window.start.iso8601)), ("windowEnd", .optional(windowEnd?.iso8601)),
            ("ledger", .int(ledger)), ("forgiven", .int(forgiven)), ("counted", .int(counted)), ("left", left.map { .int($0) } ?? .null),
            ("resets", .array(resets.map { reset in
                .object([
                    ("id", .int(reset.id)), ("at", .optional(reset.at?.iso8601)), ("by", .string(reset.actor)), ("reason", .string(reset.reason)),
                    ("forgiven", .int(reset.amount)),
                ])
            })),
        ])
    }
}
