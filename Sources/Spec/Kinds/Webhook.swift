/// An address that is told of events.
package struct Webhook: Hashable, Sendable {
    package var description: String?
}
