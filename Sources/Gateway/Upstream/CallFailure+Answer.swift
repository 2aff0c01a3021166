internal import HTTP
internal import Spec

extension CallFailure {
    /// What a route's retry policy calls it.
    var condition: RoutingPolicy.Condition? {
        switch self {
        case .connect, .nameResolution, .tls, .addressRefused, .noConnectionFree, .ownShortage: .connect
        case .closedBeforeResponse, .truncated, .malformedResponse: .serverError
        case .timeout: .timeout
        case .invalidRequest: nil
        }
    }

    /// What the decision record, the ledger and the log call it.
    var recordName: String {
        switch self {
        case .connect: "connect"
        case .noConnectionFree: "no connection free"
        case .ownShortage: "own shortage"
        case .nameResolution: "name resolution"
        case .tls: "tls"
        case .addressRefused: "address refused"
        case .timeout(.connect): "connect timeout"
        case .timeout(.firstByte): "first byte timeout"
        case .timeout(.idle): "idle timeout"
        case .timeout(.total): "total timeout"
        case .closedBeforeResponse: "closed before answer"
        case .truncated: "truncated answer"
        case .malformedResponse: "malformed answer"
        case .invalidRequest: "invalid request"
        }
    }

    /// What an operator wants to know beside the name; nil where the name says it all. Not for clients.
    var detail: String? {
        switch self {
        case .connect(let reason), .nameResolution(let reason), .tls(let reason), .addressRefused(let reason),
            .malformedResponse(let reason), .ownShortage(let reason): reason
        case .noConnectionFree: "all that `connections.max` allows are in use"
        default: nil
        }
    }

    /// Whether it is the provider's doing, or that of the way to it.
    var speaksAgainstProvider: Bool {
        switch self {
        case .noConnectionFree, .ownShortage, .addressRefused, .invalidRequest: false
        default: true
        }
    }

    /// The same of an answer that has begun: a client that reads slowly makes the whole of it take long.
    var speaksAgainstAnswering: Bool { speaksAgainstProvider && self != .timeout(.total) }

    /// What the client is told; the provider's address is not its business.
    var answerError: AnswerError {
        switch self {
        case .connect, .nameResolution, .tls: AnswerError(.upstreamError, "The provider cannot be reached.")
        case .noConnectionFree, .ownShortage:
            AnswerError(.upstreamBusy, "There is no connection to the provider free, and none could be made.")
        case .addressRefused:
            AnswerError(.upstreamError, "The provider's address is private, and its declaration does not say `privateNetwork: true`.")
        case .timeout(.connect): AnswerError(.upstreamConnectTimeout, "No connection to the provider stood in time.")
        case .timeout(.firstByte): AnswerError(.upstreamFirstByteTimeout, "The provider took too long to begin its answer.")
        case .timeout(.idle): AnswerError(.upstreamIdleTimeout, "The provider fell silent in the middle of its answer.")
        case .timeout(.total): AnswerError(.upstreamTotalTimeout, "The provider took too long for the whole of its answer.")
        case .closedBeforeResponse: AnswerError(.upstreamError, "The provider closed the connection without an answer.")
        case .truncated: AnswerError(.upstreamIncomplete, "The provider's answer broke off.")
        case .malformedResponse: AnswerError(.upstreamError, "The provider's answer breaks the rules of HTTP.")
        case .invalidRequest: AnswerError(.internalError, "The request could not be written.")
        }
    }
}
