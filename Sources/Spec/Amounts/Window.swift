/// The span of time over which an amount is counted.
package enum Window: String, CaseIterable, Sendable {
    case second, minute, hour, day, week, month, year, total
}
