/// Why a call brought no whole answer.
package enum CallFailure: Error, Equatable, Sendable {
    package enum Step: Sendable {
        case connect, firstByte, idle, total
    }

    /// No connection could be made; the text says why.
    case connect(String)
    /// All connections that may be made are in use, and too many calls wait for one already, or this one has waited for as
    /// long as it may take to connect.
    case noConnectionFree
    /// This side lacks what a connection needs, such as a descriptor or a port; the text says what.
    case ownShortage(String)
    /// A step took longer than the request's timeouts allow.
    case timeout(Step)
    /// The answer breaks the rules of HTTP, so nothing in it can be trusted.
    case malformedResponse(String)
    /// The connection ended before the first byte of an answer. On a reused connection the upstream may have closed it
    /// while it was idle, without seeing the request.
    case closedBeforeResponse
    /// The connection ended in the middle of the answer.
    case truncated
    /// The client's policy forbids every address of the origin; the text names them.
    case addressRefused(String)
    /// The name of the origin has no address; the text says why.
    case nameResolution(String)
    /// TLS could not be agreed or the certificate is not the origin's; the text says why.
    case tls(String)
    /// The request cannot be written: its method or target is illegal.
    case invalidRequest
}
