internal import Policy
package import Spec
package import Store

/// The answer of `charter usage`: what was used, line by line, and in all.
package struct UsageListing: Sendable {
    let request: UsageRequest
    /// Of the groups' values.
    let dimensions: [UsageDimension]
    package let groups: [UsageGroup]

    package var total: UsageTotals {
        groups.reduce(into: UsageTotals()) { $0.add($1.sums) }
    }

    package var text: String {
        let head = (request.window.map { [$0.rawValue.uppercased()] } ?? []) + dimensions.map(\.title) + Self.meterTitles
        let labels = (request.window == nil ? 0 : 1) + dimensions.count
        let rows = groups.map { group in
            label(group) + group.values.map { ($0?.name ?? "-").printable } + Self.meters(group.sums)
        }
        let last = ["total"] + Array(repeating: "", count: max(0, labels - 1)) + Self.meters(total)
        let table = labels == 0 ? [head, Self.meters(total)] : [head] + rows + [last]
        return "\(spanText)\n\n\(FigureTable(table, labels: labels).text)"
    }

    private var spanText: String {
        "Usage from \(request.span.lowerBound.iso8601) to \(request.span.upperBound.iso8601), days of \(request.zone.name)"
            + (request.filter.isFlagged ? "; only rows with flags" : "")
    }

    private func label(_ group: UsageGroup) -> [String] { request.window == nil ? [] : [periodName(group)] }

    /// The date on which it begins on the zone's calendar, a month or year without what is the same in all.
    private func periodName(_ group: UsageGroup) -> String {
        let start = request.periods[group.period].lowerBound
        let date = request.zone.date(of: start).description
        return switch request.window {
        case .hour: start.iso8601
        case .month: String(date.dropLast(3))
        case .year: String(date.dropLast(6))
        default: date
        }
    }

    private static let meterTitles = ["REQUESTS", "ATTEMPTS", "ERRORS", "INPUT", "CACHED", "OUTPUT", "REASONING", "TOKENS", "FLAGGED", "COST USD"]

    private static func meters(_ sums: UsageTotals) -> [String] {
        [
            sums.requests, sums.attempts, sums.errors, sums.input, sums.cacheRead, sums.output, sums.reasoning, sums.tokens, sums.flagged,
        ].map { String($0) } + [NanoUSD(sums.cost).dollars]
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("from", .string(request.span.lowerBound.iso8601)), ("to", .string(request.span.upperBound.iso8601)),
            ("zone", .string(request.zone.name)), ("usage", .array(groups.map(json))), ("total", .object(Self.members(total))),
        ])
    }

    private func json(_ group: UsageGroup) -> JSONTree {
        var members: [(String, JSONTree)] = []
        if let window = request.window { members.append((window.rawValue, .string(periodName(group)))) }
        for (dimension, value) in zip(dimensions, group.values) {
            members.append((dimension.name, .optional(value?.name)))
            if let uid = value?.uid { members.append((dimension.name + "UID", .string(uid))) }
        }
        return .object(members + Self.members(group.sums))
    }

    private static func members(_ sums: UsageTotals) -> [(String, JSONTree)] {
        [
            ("requests", .int(sums.requests)), ("attempts", .int(sums.attempts)), ("errors", .int(sums.errors)),
            ("estimated", .int(sums.estimated)), ("flagged", .int(sums.flagged)), ("input", .int(sums.input)),
            ("cacheRead", .int(sums.cacheRead)), ("cacheWrite", .int(sums.cacheWrite)), ("output", .int(sums.output)),
            ("reasoning", .int(sums.reasoning)), ("tokens", .int(sums.tokens)), ("costNanoUSD", .int(sums.cost)),
            ("costUSD", .string(NanoUSD(sums.cost).dollars)),
        ]
    }
}

extension UsageDimension {
    /// As `--by` takes it.
    var name: String {
        if case .tag(let name) = self { return "tag:\(name)" }
        return UsageRequest.named.first { $0.dimension == self }?.name ?? ""
    }

    fileprivate var title: String {
        if case .tag(let name) = self { return "TAG \(name)" }
        return name.uppercased()
    }
}

extension NanoUSD {
    /// Exact decimal dollars, always with all digits of a nano-USD, so that columns add up by eye and by spreadsheet.
    var dollars: String {
        let digits = String(rawValue.magnitude % UInt64(Self.perUSD))
        let fraction = String(repeating: "0", count: Self.fractionDigits - digits.utf8.count) + digits
        return "\(rawValue < 0 ? "-" : "")\(rawValue.magnitude / UInt64(Self.perUSD)).\(fraction)"
    }

    private static let fractionDigits = 9
}
