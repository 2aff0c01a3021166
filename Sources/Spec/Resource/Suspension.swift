/// Why, and until when, a resource does not count.
package struct Suspension: Hashable, Sendable {
    /// From when on it counts again; nil until the field is removed.
    package var until: Instant?
    package var reason: String

    package func holds(at now: Instant) -> Bool { until.map { now < $0 } ?? true }
}
