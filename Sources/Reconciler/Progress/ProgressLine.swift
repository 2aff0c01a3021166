/// One moment of a command as a line of text; a value without a clock.
package struct ProgressLine: Hashable, Sendable {
    package let text: String

    /// A rate is told from then on, since before it says nothing.
    private static let rateAfter = Duration.seconds(0.5)

    /// Never longer than leaves the last column free, where a terminal would begin another line.
    package init(_ standing: ProgressBoard.Standing, now: ContinuousClock.Instant, columns: Int) {
        let passed = max(.zero, now - standing.since)
        text = String(Self.text(standing, passed).prefix(max(0, columns - 1)))
    }

    private static func text(_ standing: ProgressBoard.Standing, _ passed: Duration) -> String {
        let (verb, noun) = (standing.phase.verb, standing.phase.noun)
        let time = passed >= .seconds(1) ? ", \(passed.components.seconds) s" : ""
        guard standing.done > 0 else {
            return "\(verb) \(standing.total.map { "\(grouped($0)) " } ?? "")\(noun)\(time)"
        }
        let count = standing.total.map { "\(grouped(min(standing.done, $0))) of \(grouped($0))" } ?? grouped(standing.done)
        return "\(verb) \(count) \(noun)\(rate(standing.done, passed).map { ", \($0)/s" } ?? "")"
    }

    private static func rate(_ done: Int, _ passed: Duration) -> String? {
        guard passed >= rateAfter else { return nil }
        let rate = Double(done) / (passed / .seconds(1))
        return rate >= 1 ? grouped(Int(rate)) : nil
    }

    /// `12,400`
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.map { index in
            let left = digits.count - index
            return (index > 0 && left % 3 == 0 ? "," : "") + String(digits[index])
        }.joined()
    }
}
