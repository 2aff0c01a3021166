internal import Crypto
internal import HTTP
internal import Spec
internal import Synchronization

/// Answers what stands on a board, and takes the calls of Git hosts; on a thread of its own, without a database or a repository.
package final class StatusListener: Sendable {
    /// Where it listens.
    package let host: String
    package let port: UInt16
    private let thread: LoopThread

    /// Listens at once, on `host:port`; throws when the address cannot be had.
    ///
    /// Call it where the signals of `Termination` are blocked already, or its thread would be ended by them.
    package init(_ text: String, board: WatchBoard) throws {
        guard let address = ListenAddress(text) else { throw ListenProblem("\(text) is not host:port with a numeric host") }
        host = address.host
        let bound = Mutex(address.port)
        thread = try LoopThread.start(name: "status") { loop in
            let desk = ListenerDesk(board: board, isLoopback: address.isLoopback, loop: loop)
            let server = try Server(loop: loop, accepting: [ListeningSocket(address)], Self.options) { [unowned loop] exchange in
                desk.answer(exchange, at: loop.now)
            }
            server.errorBody = { status, reason, _ in
                (["content-type": "application/json"], ListenerAnswer(status, error: reason).body)
            }
            bound.withLock { $0 = server.port }
        }
        port = bound.withLock { $0 }
    }

    /// Ends the thread; what is being answered breaks off.
    package func stop() {
        thread.stop()
        thread.join()
    }

    /// Few call, and whoever calls slowly may not hold on to what others need.
    private static var options: ServerOptions {
        var options = ServerOptions()
        options.limits = limits
        // Whoever holds on to all that one client may have leaves room for who asks whether the watcher is well.
        options.quota = ConnectionQuota(connectionsMax: 256, perClientMax: 64)
        return options
    }

    private static var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.headBytesMax = 16 * 1024
        limits.headTimeout = .seconds(5)
        limits.idleTimeout = .seconds(15)
        limits.writeTimeout = .seconds(15)
        return limits
    }
}

/// Why there is no listener.
struct ListenProblem: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

extension ListenAddress {
    /// Whether only this machine can call it.
    var isLoopback: Bool { host == "localhost" || NetworkAddress(literal: host, port: 0)?.isLoopback ?? false }
}

/// A whole answer.
struct ListenerAnswer {
    var status: Int
    var contentType = "application/json"
    var body: [UInt8]
    var more: Headers = [:]

    init(_ status: Int, json: JSONTree) {
        self.status = status
        body = Array((json.text + "\n").utf8)
    }

    init(_ status: Int, error: String, _ more: Headers = [:]) {
        self.init(status, json: .object([("error", .string(error))]))
        self.more = more
    }

    init(metrics: String) {
        status = 200
        contentType = PrometheusText.contentType
        body = Array(metrics.utf8)
    }

    /// `closing` ends the connection behind the answer, so that nothing more of the request is waited for.
    func send(on exchange: Exchange, closing: Bool = false) {
        var headers = more
        headers.add("content-type", contentType)
        headers.add("cache-control", "no-store")
        headers.add("x-content-type-options", "nosniff")
        guard closing else { return exchange.respond(ResponseHead(status: status, headers: headers), body: body) }
        headers.add("content-length", "\(body.count)")
        exchange.begin(ResponseHead(status: status, headers: headers))
        exchange.write(body)
        exchange.abort()
    }
}
