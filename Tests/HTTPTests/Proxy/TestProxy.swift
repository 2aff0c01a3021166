import HTTP

/// A proxy made of this library's server and client as the gateway is: the body is collected, the answer relayed as it
/// comes, and every header goes through that is not the connection's own.
final class TestProxy: Sendable {
    let port: UInt16
    private let thread: LoopThread

    init(
        to origin: UInt16, limits: HTTPLimits = HTTPLimits(), clientLimits: ClientLimits = ClientLimits(),
        timeouts: CallTimeouts = CallTimeouts()
    ) throws {
        let chosen = Locked<UInt16>(0)
        thread = try LoopThread.start(name: "test-proxy") { loop in
            let client = Client(loop: loop, limits: clientLimits)
            loop.keep(client)
            let target = Origin(scheme: .http, host: "127.0.0.1", port: origin)
            let server = try Server(
                loop: loop, listening: ListenAddress(host: "127.0.0.1", port: 0), limits: limits
            ) { exchange in
                Forwarding(exchange).start(client, target, timeouts)
            }
            chosen.value = server.port
        }
        port = chosen.value
    }

    deinit {
        thread.stop()
        thread.join()
    }

    /// Sends `bytes` on one connection and gives everything that comes back until its end. Without a refusal, or a request
    /// to close, in it, this waits for the server's patience.
    func exchange(_ bytes: [UInt8]) throws -> String {
        let connection = try RawConnection(port: port)
        try connection.send(bytes)
        return try connection.receiveAll()
    }

    func exchange(_ text: String) throws -> String { try exchange([UInt8](text.utf8)) }
}

/// One request on its way through.
private final class Forwarding: ResponseReceiver {
    private let exchange: Exchange
    private var call: Call?
    private var hasBegun = false

    init(_ exchange: Exchange) { self.exchange = exchange }

    func start(_ client: Client, _ origin: Origin, _ timeouts: CallTimeouts) {
        exchange.onGone = { [weak self] in self?.call?.cancel() }
        exchange.collectBody(max: RequestReader.bodyBytesMax) { body in
            let request = OutboundRequest(
                method: self.exchange.request.method, origin: origin, target: self.exchange.request.target,
                headers: self.exchange.request.headers, body: [UInt8](body), timeouts: timeouts)
            self.call = client.send(request, receiver: self)
        }
    }

    func received(head: ResponseHead, call: Call) {
        hasBegun = true
        exchange.onWritable = { call.resume() }
        exchange.begin(head)
    }

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        exchange.write(bytes)
        if exchange.isOpen, !exchange.isWritable { call.pause() }
    }

    func ended(call: Call) {
        if hasBegun { exchange.end() } else { exchange.respond("", status: 502) }
    }

    func failed(_ failure: CallFailure, call: Call) {
        if hasBegun { exchange.abort() } else { exchange.respond("\(failure)", status: 502) }
    }
}
