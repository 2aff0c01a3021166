extension ChangeRequest {
    /// How the reason of a refusal begins, by which programs tell what sort it is of.
    package enum RefusalWord: String, CaseIterable, Sendable {
        /// The caller may not ask for it.
        case forbidden = "not permitted"
        /// The branch says something else than the caller saw.
        case changedMeanwhile = "changed meanwhile"
        /// What would be declared is not right.
        case mistake = "it would be a mistake"

        package func reason(_ text: String) -> String { "\(rawValue): \(text)" }
    }

    /// Nil where it was not refused, or for what stands in the way of it.
    package var refusalWord: RefusalWord? {
        guard state == .refused, let reason else { return nil }
        return RefusalWord.allCases.first { reason.hasPrefix($0.reason("")) }
    }
}
