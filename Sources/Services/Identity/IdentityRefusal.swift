/// Why nobody is known by what was presented. Only `description` may go to a log; the one who asked is told `answer`.
package struct IdentityRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Answer: Hashable, Sendable {
        /// 401: the same for a key that is unknown, ended, not good for this or of a suspended owner: who guesses learns nothing.
        case unauthenticated
        /// 503: the identity provider's keys are not known at present.
        case unavailable
    }

    package let answer: Answer
    package let description: String

    init(_ description: String, _ answer: Answer = .unauthenticated) {
        self.answer = answer
        self.description = description
    }
}
