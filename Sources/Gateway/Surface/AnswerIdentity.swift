internal import Spec

/// What an answer says of itself: the ids by which it can be asked for, and its time.
struct AnswerIdentity {
    var requestID: String
    /// Nil where nothing was decided.
    var decision: String?
    var at: Instant
}
