extension Shape where Value == [Limit] {
    /// Limits, with a remark on those that others keep from ever being reached.
    static var limits: Shape<[Limit]> {
        Shape.set(of: Shape<Limit>.amount).noting { _, node, reading in
            guard case .sequence(let nodes) = node.content else { return }
            let written = nodes.compactMap { node -> (limit: Limit, extent: Extent)? in
                guard case .scalar(let scalar) = node.content else { return nil }
                return (try? Limit.parse(scalar.text)).map { ($0, node.extent) }
            }
            for (limit, extent) in written where limit.amount == 0 {
                reading.report(
                    .limitZero, extent, "`\(limit.text)` lets nothing through", hint: "raise it, or `suspend` what is to be closed")
            }
            guard written.count <= Limit.comparedMax else { return }
            for (limit, extent) in written where limit.amount > 0 {
                guard let tighter = written.first(where: { $0.limit.outruns(limit) }) else { continue }
                reading.report(
                    .limitNeverReached, extent, "`\(limit.text)` is never reached, `\(tighter.limit.text)` is tighter",
                    hint: "remove one of them", related: [(tighter.extent, "the tighter one")])
            }
        }
    }
}

extension Limit {
    /// Each is compared with each, so a list without end is not.
    fileprivate static let comparedMax = 100

    /// Whether keeping this limit keeps the other, another one, without looking at it.
    fileprivate func outruns(_ other: Limit) -> Bool {
        guard self != other, quantity == other.quantity, other.perModel || !perModel else { return false }
        guard let window, let longer = other.window else { return amount <= other.amount && window == other.window }
        guard let times = longer.most(of: window) else { return false }
        let (most, overflow) = amount.multipliedReportingOverflow(by: times)
        return !overflow && most <= other.amount
    }
}

extension Window {
    /// How many of a shorter window, or the same, cover this one at most; nil for a longer one, and for `total`.
    fileprivate func most(of shorter: Window) -> Int64? {
        guard let length = seconds, let part = shorter.seconds, part <= length else { return nil }
        return (length + part - 1) / part
    }

    /// The longest that it can be.
    private var seconds: Int64? {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        case .week: 7 * 86_400
        case .month: 31 * 86_400
        case .year: 366 * 86_400
        case .total: nil
        }
    }
}
