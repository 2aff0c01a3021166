internal import Synchronization

/// What happens to a server's connections outside of requests.
package enum ServerEvent: String, Hashable, Sendable, CaseIterable {
    case accepted
    /// There are too many connections, or too few descriptors.
    case full
    /// One client has too many connections.
    case clientFull = "client_full"
    /// A body came for which the bodies of all requests left no room.
    case bodiesFull = "bodies_full"
    /// A request, or a handshake, that waited for too long while the loop had other work.
    case shed
    /// A client that left while its request, or its handshake, waited so.
    case gaveUp = "gave_up"
    /// The kernel could not hand a connection out.
    case acceptFailed = "accept_failed"
    /// Nothing, or half a PROXY header, came in time.
    case arrivalTimedOut = "arrival_timed_out"
    case arrivalLeft = "arrival_left"
    case badProxyHeader = "bad_proxy_header"
    case notTLS = "not_tls"
    case plainHTTP = "plain_http"
    case handshake
    case resumption
    case handshakeFailed = "handshake_failed"
    /// A request for another host than the certificate shown is good for.
    case misdirected
}

/// Counts one server's events, and the answers that it gave by itself; any thread may read them.
package final class ServerMeter: Sendable {
    private let events = Mutex<[ServerEvent: Int]>([:])
    private let statuses = Mutex<[Int: Int]>([:])

    package init() {}

    package var current: [ServerEvent: Int] { events.withLock { $0 } }
    /// By status: to requests that were not handed on, or whose body could not be had, and to connections for which there was no room.
    package var answers: [Int: Int] { statuses.withLock { $0 } }

    func count(_ event: ServerEvent) { events.withLock { $0[event, default: 0] += 1 } }

    func countAnswer(_ status: Int) { statuses.withLock { $0[status, default: 0] += 1 } }
}
