import Crypto
import HTTP
import Synchronization

/// A server on a thread of its own, stopped when the test lets go of it.
final class TestServer: Sendable {
    let port: UInt16
    let thread: LoopThread

    init(
        limits: HTTPLimits = HTTPLimits(), identity: TestIdentity? = nil,
        setUp: @escaping @Sendable (Server, EventLoop) -> Void = { _, _ in },
        _ onExchange: @escaping @Sendable (Exchange, EventLoop) -> Void
    ) throws {
        let chosen = Locked<UInt16>(0)
        thread = try LoopThread.start(name: "test-server") { loop in
            let tls = try identity.map { try TLSContext.server(certificate: $0.certificate, key: $0.key) }
            let server = try Server(
                loop: loop, listening: ListenAddress(host: "127.0.0.1", port: 0), limits: limits, tls: tls
            ) { [unowned loop] exchange in onExchange(exchange, loop) }
            setUp(server, loop)
            chosen.value = server.port
        }
        port = chosen.value
    }

    /// A server with options of its own, made on its thread.
    init(
        _ options: @escaping @Sendable () throws -> ServerOptions, sockets: [ListeningSocket]? = nil,
        _ onExchange: @escaping @Sendable (Exchange, EventLoop) -> Void
    ) throws {
        let sockets = try sockets ?? [ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))]
        port = sockets.first?.address.port ?? 0
        thread = try LoopThread.start(name: "test-server") { loop in
            let server = try Server(loop: loop, accepting: sockets, try options()) { [unowned loop] in onExchange($0, loop) }
            loop.keep(server)
        }
    }

    deinit {
        thread.stop()
        thread.join()
    }
}

/// A value that threads may share.
final class Locked<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { body(&$0) }
    }
}

extension Exchange {
    func respond(_ text: String, status: Int = 200) {
        respond(ResponseHead(status: status, headers: ["content-type": "text/plain"]), body: [UInt8](text.utf8))
    }

    /// Answers with method, path and body, so that a test sees what the server took a request for.
    func echo() {
        let line = "\(request.method) \(request.target)"
        collectBody(max: 1 << 20) { body in
            self.respond(line + " [" + String(decoding: body, as: UTF8.self) + "]")
        }
    }
}
