import Crypto
import HTTP
import Testing

/// What a call came to.
struct Outcome: Sendable {
    var status: Int?
    var headers = Headers()
    var body: [UInt8] = []
    var failure: CallFailure?
    var isEnded = false
    var wasReused = false

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A client on a thread of its own, whose calls a test can wait for.
final class TestClient: Sendable {
    let thread: LoopThread

    /// Keeps idle connections for as long as a test may be held up by those beside it.
    static let patient = {
        var limits = ClientLimits()
        limits.idleConnectionTimeout = .seconds(600)
        return limits
    }()

    init(
        limits: ClientLimits = TestClient.patient, trust: TLSTrust = .system, tls: ClientTLS? = nil,
        names: @escaping @Sendable (EventLoop) -> NameCache = { NameCache(loop: $0) }, budget: ConnectionBudget? = nil,
        policy: @escaping @Sendable (NetworkAddress) -> Bool = { _ in true }
    ) throws {
        thread = try LoopThread.start(name: "test-client") { loop in
            loop.keep(Client(
                loop: loop, limits: limits, tls: tls ?? ClientTLS(trust: trust), names: names(loop), budget: budget, policy: policy))
        }
    }

    deinit {
        thread.stop()
        thread.join()
    }

    /// Runs `body` with the client on its thread.
    func run(_ body: @escaping @Sendable (Client, EventLoop) -> Void) {
        thread.remote.post { loop in
            if let client = loop.kept(Client.self) { body(client, loop) }
        }
    }

    /// Sends and waits for the end, at most two minutes: tests that block run beside it.
    func send(_ request: OutboundRequest) async throws -> Outcome {
        let outcome = Locked<Outcome?>(nil)
        run { client, _ in
            client.send(request, receiver: Collector { outcome.value = $0 })
        }
        try await wait("the call's end") { outcome.value != nil }
        return try #require(outcome.value)
    }
}

/// Collects a whole answer.
final class Collector: ResponseReceiver {
    private var outcome = Outcome()
    private let done: (Outcome) -> Void

    init(_ done: @escaping (Outcome) -> Void) { self.done = done }

    func received(head: ResponseHead, call: Call) {
        outcome.status = head.status
        outcome.headers = head.headers
    }

    func received(bytes: UnsafeRawBufferPointer, call: Call) { outcome.body += bytes }

    func ended(call: Call) {
        outcome.isEnded = true
        report(call)
    }

    func failed(_ failure: CallFailure, call: Call) {
        outcome.failure = failure
        report(call)
    }

    private func report(_ call: Call) {
        outcome.wasReused = call.isOnReusedConnection
        done(outcome)
    }
}

/// Waits until `condition` holds, at most two minutes: tests that block run beside it.
func wait(_ what: String, until condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "waited in vain for \(what)")
        try await Task.sleep(for: .milliseconds(2))
    }
}
