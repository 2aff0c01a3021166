package import Spec

/// One event on its way to one recipient.
package struct Delivery: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case waiting, delivered
        /// Tried as often and as long as was declared, or the recipient is gone.
        case givenUp = "given_up"
        /// A later one of its lane took its place.
        case superseded
    }

    package var id: Int64
    package var recipient: String
    package var state: State
    /// How often it was sent, or at least begun.
    package var attempts: Int
    package var nextAt: Instant
    package var expiresAt: Instant
    package var lastAt: Instant?
    /// Of HTTP; nil where nothing was answered.
    package var lastStatus: Int?
    /// The beginning of what was answered last, or why nothing was.
    package var lastAnswer: String?
    package var settledAt: Instant?
}

/// A delivery that one sender alone may attempt, until its claim is over.
package struct ClaimedDelivery: Hashable, Sendable {
    package var id: Int64
    package var recipient: String
    /// Of the recipient; what the outcome is recorded by.
    package var claim: Int64
    /// How often in a row the recipient was found unwell.
    package var failures: Int
    /// This one counts.
    package var attempts: Int
    package var expiresAt: Instant
    package var event: OutboxEvent
    /// The database's, when it was claimed.
    package var now: Instant
}

/// What came of one attempt.
package struct DeliveryOutcome: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case delivered
        /// After so long, unless that is past its end.
        case retry(after: Duration)
        case giveUp
        /// The recipient wants nothing more, for the reason given.
        case disable(String)
        /// It was not sent at all, and does not count as an attempt.
        case postpone(Duration)
    }

    package var verdict: Verdict
    package var status: Int?
    package var answer: String?
    /// How long the recipient is left alone; nil where it is well.
    package var rest: Duration?

    package init(_ verdict: Verdict, status: Int? = nil, answer: String? = nil, rest: Duration? = nil) {
        (self.verdict, self.status, self.answer, self.rest) = (verdict, status, answer, rest)
    }
}

/// A recipient as the outbox knows it.
package struct OutboxRecipient: Hashable, Sendable {
    package var name: String
    package var waiting: Int
    package var givenUp: Int
    /// Events it was not told of, since too many were waiting.
    package var dropped: Int64
    package var disabledAt: Instant?
    package var disabledReason: String?
    /// When the oldest that waits happened.
    package var oldestWaiting: Instant?
}
