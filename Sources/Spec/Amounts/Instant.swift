/// A moment in UTC, in milliseconds since 1970-01-01.
package struct Instant: Hashable, Sendable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
}
