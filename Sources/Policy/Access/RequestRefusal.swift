/// Why what somebody asks for cannot be done.
package struct RequestRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// What stands now is in the way.
        case conflict
        /// What is asked about is not there, or not for whoever asks.
        case missing
        /// Whoever asks may not.
        case forbidden
        /// The words say nothing that could be done.
        case misworded
    }

    package let description: String
    package let reason: Reason
    /// What to write instead, where that is known.
    package let hint: String?

    package init(_ description: String, _ reason: Reason = .conflict, hint: String? = nil) {
        (self.description, self.reason, self.hint) = (description, reason, hint)
    }
}
