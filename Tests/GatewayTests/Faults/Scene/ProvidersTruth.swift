import Foundation
import Store
import TestKit

/// What the providers themselves wrote down of every request, against which the ledger is held.
struct ProvidersTruth {
    let platform: Platform

    /// A line of a provider's log.
    struct Line: Decodable {
        let request_id: String
        let model: String
        let prompt_tokens: Int64
        let completion_tokens: Int64
        let status: Int
        let stream: Bool
        let complete: Bool
    }

    /// The status of what a process that died left open.
    private static let leftByKill: Int64 = 0

    /// Nano-USD for a token of input and one of output, by the provider's own name of the model.
    private static let prices: [String: (input: Int64, output: Int64)] = [
        "gpt-4o": (2_000, 10_000), "gpt-4o-mini-2024": (1_000, 2_000), "llama": (1_000, 1_000),
    ]

    /// Everything in which the ledger differs; empty when it is exact. `served` are decisions of which clients have a whole answer.
    /// `killed`: what was under way when a process died may be estimated, a plain answer never below what it came to.
    func whatIsWrong(served: Set<String>, killed: Bool = false) throws -> [String] {
        let connection = try Connection(platform.database)
        let rows = try LedgerRow.all(connection)
        let lines = try lines()
        let booked = Dictionary(grouping: rows) { "\($0.decision)-\($0.attempt)" }
        var wrong = booked.filter { $0.value.count > 1 }.map { "\($0.key) is booked \($0.value.count) times" }
        if Set(lines.map(\.request_id)).count != lines.count { wrong.append("an attempt reached a provider twice") }
        for line in lines where line.status == 200 {
            guard let row = booked[line.request_id]?.first else { wrong.append("\(line.request_id) is not booked"); continue }
            wrong += difference(row, line, killed)
        }
        let known = Set(lines.map(\.request_id))
        for row in rows where !known.contains("\(row.decision)-\(row.attempt)") && row.cost != 0 && !(killed && row.isEstimated) {
            wrong.append("\(row) was never served")
        }
        let decisions = Set(rows.map(\.decision))
        wrong += served.subtracting(decisions).map { "\($0) was answered and is not booked" }
        return try wrong + differingSums(connection)
    }

    private func difference(_ row: LedgerRow, _ line: Line, _ killed: Bool) -> [String] {
        guard let price = Self.prices[line.model] else { return ["\(line.model) has no price"] }
        let cost = line.prompt_tokens * price.input + line.completion_tokens * price.output
        if row.isEstimated {
            if line.complete, !killed { return ["\(row) is estimated"] }
            let isLess = row.output < line.completion_tokens || row.cost < cost
            return row.status == Self.leftByKill && !line.stream && isLess ? ["\(row) is booked below \(line)"] : []
        }
        if !line.complete { return ["\(row) is no estimate of \(line)"] }
        let isEqual = row.input == line.prompt_tokens && row.output == line.completion_tokens && row.cost == cost && row.status == 200
        return isEqual ? [] : ["\(row) is booked for \(line)"]
    }

    /// Rollups and budgets of money that are not the sum of the rows.
    private func differingSums(_ connection: Connection) throws -> [String] {
        try connection.transaction { transaction in
            func sums(_ table: String, _ count: String) throws -> String {
                let rows = try transaction.query(
                    "SELECT concat_ws(' ', \(count), coalesce(sum(requests), 0), coalesce(sum(tokens), 0), coalesce(sum(cost), 0)) FROM charter.\(table)")
                return try rows[0].text(0)
            }
            let ledger = try sums("usage", "count(*)")
            var wrong: [String] = []
            for rollup in ["usage_hour", "usage_day"] {
                let summed = try sums(rollup, "coalesce(sum(attempts), 0)")
                if summed != ledger { wrong.append("\(rollup) says \(summed), and the rows \(ledger)") }
            }
            // Of the one key there is.
            let cells = try transaction.query(
                """
                SELECT c.window_start::text, c.amount, (SELECT coalesce(sum(u.cost), 0) FROM charter.usage u WHERE u.at >= c.window_start AND u.at < c.window_end)
                FROM charter.cell c WHERE c.meter = 'usd'
                """)
            for cell in cells where try cell.text(1) != cell.text(2) {
                wrong.append("the budget from \(try cell.text(0)) has \(try cell.text(1)), and the rows \(try cell.text(2))")
            }
            return wrong
        }
    }

    func lines() throws -> [Line] {
        try ["openai.log", "groq.log"].flatMap { name in
            // A line that is being written has no end yet.
            try platform.folder.read(name).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        }
    }
}
