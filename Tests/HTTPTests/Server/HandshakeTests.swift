import Crypto
import HTTP
import TestKit
import Testing

/// What clients that do not finish their handshakes cost a listener that speaks TLS.
@Suite struct HandshakeTests {
    private let identity: TestIdentity
    private let quota = ConnectionQuota()
    private let meter = ServerMeter()

    init() throws { identity = try TestIdentity.local.get() }

    private func server(_ headTimeout: Duration) throws -> TestServer {
        let material = try TLSServerMaterial(reading: [identity.files], clientAuthorities: nil, clientDemand: .required)
        return try TestServer({ [quota, meter] in
            var options = ServerOptions()
            options.limits.headTimeout = headTimeout
            options.tls = try .server(material)
            options.quota = quota
            options.meter = meter
            return options
        }) { exchange, _ in exchange.respond("hello") }
    }

    private func clientHello() throws -> [UInt8] { try RawTLSConnection.firstBytes(trusting: identity) }

    enum Delay: CaseIterable { case nothing, oneByte, halfAHello, helloAlone }

    @Test(arguments: Delay.allCases)
    func `gives up on a client that does not go on with its handshake`(_ delay: Delay) async throws {
        let server = try server(.milliseconds(300))
        let hello = try clientHello()
        // Before the server can begin to count.
        let begun = ContinuousClock.now
        let connection = try RawConnection(port: server.port)
        switch delay {
        case .nothing: break
        case .oneByte: try connection.send([hello[0]])
        case .halfAHello: try connection.send([UInt8](hello[..<(hello.count / 2)]))
        case .helloAlone: try connection.send(hello)
        }
        while let bytes = try? connection.receive(), !bytes.isEmpty {}
        let taken = ContinuousClock.now - begun
        #expect(taken >= .milliseconds(250) && taken < .seconds(10))
        try await wait("the place in the quota") { quota.count == 0 }
    }

    @Test func `counts a handshake's time from its first byte, however its bytes come`() async throws {
        let server = try server(.milliseconds(300))
        let hello = try clientHello()
        #expect(hello.count > 150)
        let begun = ContinuousClock.now
        let connection = try RawConnection(port: server.port)
        // Each byte comes well within the limit; all of them take ten times as long, and longer where the machine is slow.
        let sent = hello.prefix { byte in
            guard (try? connection.send([byte])) != nil else { return false }
            usleepMilliseconds(20)
            return true
        }
        #expect(ContinuousClock.now - begun >= .milliseconds(250))
        #expect(sent.count < hello.count, "it went on for \(sent.count) bytes of \(hello.count)")
        try await wait("the place in the quota") { quota.count == 0 }
        #expect(meter.current[.handshake] == nil)
    }

    @Test func `serves others while two hundred handshakes a second are begun and left`() async throws {
        let server = try server(.seconds(10))
        let hello = try clientHello()
        let port = server.port
        let isOver = Locked(false)
        let flood = Background {
            var answered = 0
            let begun = ContinuousClock.now
            for number in 0..<Self.floodCount {
                while ContinuousClock.now - begun < .milliseconds(5) * number { usleepMilliseconds(1) }
                let connection = try RawConnection(port: port)
                try connection.send(hello)
                // The server has signed by then, which is what costs it.
                if try !connection.receive(max: 64).isEmpty { answered += 1 }
                if number.isMultiple(of: 2) { connection.reset() } else { connection.close() }
            }
            isOver.value = true
            return answered
        }
        // On a thread of its own, since tasks wait for the other tests.
        let probes = Background { [identity] in
            var times: [Duration] = []
            while !isOver.value {
                let begun = ContinuousClock.now
                try Self.ask(port, identity)
                times.append(ContinuousClock.now - begun)
                usleepMilliseconds(20)
            }
            return times
        }
        try await wait("the flood's end") { isOver.value }
        #expect(try flood.value() == Self.floodCount)
        let times = try probes.value()
        #expect(times.count > 2)
        // How long exactly depends on what else the machine does.
        #expect(times.max() ?? .zero < .seconds(10))
        try await wait("the places of those who left") { quota.count == 0 }
        #expect((meter.current[.handshakeFailed] ?? 0) == Self.floodCount)
        #expect((meter.current[.handshake] ?? 0) == times.count)
    }

    /// A request over a connection of its own.
    private static func ask(_ port: UInt16, _ identity: TestIdentity) throws {
        let client = try TestClient(trust: .authorities(file: identity.authority))
        let outcome = Locked<Outcome?>(nil)
        let request = OutboundRequest(method: .get, origin: Origin(scheme: .https, host: "localhost", port: port), target: "/")
        client.run { client, _ in client.send(request, receiver: Collector { outcome.value = $0 }) }
        try eventually(within: .seconds(60), "an answer") { outcome.value != nil }
        #expect(outcome.value?.text == "hello", "\(String(describing: outcome.value?.failure))")
    }

    private static let floodCount = 600
}
