internal import HTTP
internal import Spec

extension CallFailure {
    /// What a route's retry policy calls it.
    var condition: RoutingPolicy.Condition? {
        switch self {
        case .connect, .nameResolution, .tls, .addressRefused: .connect
        case .closedBeforeResponse, .truncated, .malformedResponse: .serverError
        case .timeout: .timeout
        case .invalidRequest: nil
        }
    }

    /// What the client is told; the provider's address is not its business.
    var answerError: AnswerError {
        switch self {
        case .connect, .nameResolution, .tls: AnswerError(.upstreamError, "The provider cannot be reached.")
        case .addressRefused:
            AnswerError(.upstreamError, "The provider's address is private, and its declaration does not say `privateNetwork: true`.")
        case .timeout: AnswerError(.upstreamTimeout, "The provider took too long to answer.")
        case .closedBeforeResponse: AnswerError(.upstreamError, "The provider closed the connection without an answer.")
        case .truncated: AnswerError(.upstreamIncomplete, "The provider's answer broke off.")
        case .malformedResponse: AnswerError(.upstreamError, "The provider's answer breaks the rules of HTTP.")
        case .invalidRequest: AnswerError(.internalError, "The request could not be written.")
        }
    }
}
