import Glibc
import Testing

@testable import HTTP

/// Several addresses of one name.
@Suite struct ConnectRaceTests {
    private func addresses(_ texts: [String]) -> [NetworkAddress] { texts.compactMap { NetworkAddress(literal: $0, port: 0) } }

    private func client(_ hosts: [String], headStart: Duration = .milliseconds(50), policy: @escaping @Sendable (NetworkAddress) -> Bool = { _ in true }) throws -> TestClient {
        let addresses = addresses(hosts)
        var limits = ClientLimits()
        limits.addressHeadStart = headStart
        return try TestClient(
            limits: limits, names: { NameCache(loop: $0, limits: NameLimits(), asking: { _ in .success(addresses) }) }, policy: policy)
    }

    private func request(_ port: UInt16) -> OutboundRequest {
        OutboundRequest(
            method: .get, origin: Origin(scheme: .http, host: "a.test", port: port), target: "/",
            timeouts: CallTimeouts(connect: .seconds(600)))
    }

    @Test func `families take turns`() {
        let order = AddressOrder.alternating(addresses(["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"]))
        #expect(order.map(\.host) == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"])
    }

    @Test func `goes on at once from an address that refuses`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        // A head start that is longer than the test waits.
        let outcome = try await client(["127.0.0.3", "127.0.0.1"], headStart: .seconds(600)).send(request(server.port))
        #expect(outcome.text == "GET / []")
    }

    @Test func `does not wait for an address that is silent`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let silent = try SilentAddress("127.0.0.2", port: server.port)
        let outcome = try await client(["127.0.0.2", "127.0.0.1"]).send(request(server.port))
        #expect(outcome.text == "GET / []")
        withExtendedLifetime(silent) {}
    }

    @Test func `asks its policy about each address`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let allowed = try client(["127.0.0.3", "127.0.0.1"]) { $0.host == "127.0.0.1" }
        #expect(try await allowed.send(request(server.port)).text == "GET / []")
        let refused = try client(["127.0.0.1", "10.0.0.1"]) { !$0.isPrivate }
        #expect(try await refused.send(request(server.port)).failure == .addressRefused("a.test is 127.0.0.1, 10.0.0.1"))
    }

    @Test func `what this side lacks never hides what a remote did`() {
        let (refused, lacking) = (CallFailure.connect("connect: Connection refused"), CallFailure.ownShortage("socket: Too many open files"))
        let untrusted = CallFailure.tls("certificate has expired")
        func worst(_ all: CallFailure...) -> CallFailure? {
            var failures = ConnectFailures()
            for failure in all { failures.note(failure) }
            return failures.worst
        }
        #expect(worst(refused, lacking) == refused)
        #expect(worst(lacking, refused) == refused)
        #expect(worst(lacking) == lacking)
        #expect(worst(untrusted, refused, lacking) == untrusted)
        #expect(worst(refused, untrusted) == untrusted)
        #expect(worst() == nil)
    }

    @Test func `that no port is left is a shortage, a family that this machine does not have is none`() throws {
        let (four, six) = (try #require(addresses(["192.0.2.1"]).first), try #require(addresses(["2001:db8::1"]).first))
        let unavailable = SystemError(EADDRNOTAVAIL, call: "connect")
        #expect(unavailable.isOwnShortage(connectingTo: four))
        #expect(unavailable.isOwnShortage(connectingTo: six, hasSource: { $0 == six }))
        #expect(!unavailable.isOwnShortage(connectingTo: six, hasSource: { _ in false }))
        for code in [EMFILE, ENFILE, ENOBUFS, ENOMEM] { #expect(SystemError(code, call: "socket").isOwnShortage(connectingTo: six)) }
        for code in [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH] { #expect(!SystemError(code, call: "connect").isOwnShortage(connectingTo: four)) }
    }

    @Test func `knows from where an address is reached as connections do`() throws {
        #expect(Socket.hasSource(for: try #require(addresses(["127.0.0.1"]).first)))
        // Without IPv6 the one half holds, with it the other.
        for address in try [#require(addresses(["::1"]).first), #require(addresses(["2001:db8::1"]).first)] {
            var code: Int32 = 0
            do { _ = try Socket.connecting(to: address.with(port: 9)) } catch { code = error.code }
            #expect(Socket.hasSource(for: address.with(port: 9)) == (code == 0 || code == ECONNREFUSED), "\(address) \(code)")
        }
    }

    @Test func `takes no descriptor that is set aside for other things, and says so`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        var limits = ClientLimits()
        limits.descriptorsMax = 0
        let origin = Origin(scheme: .http, host: "127.0.0.1", port: server.port)
        let outcome = try await TestClient(limits: limits).send(OutboundRequest(method: .get, origin: origin, target: "/"))
        #expect(outcome.failure == .ownShortage("no descriptor may be used for one more connection"))
    }

    @Test func `too many calls that wait for one name are this side's doing`() async throws {
        let answer = Locked(false)
        var limits = NameLimits()
        limits.waitingMax = 2
        let client = try TestClient(names: { [limits] in
            NameCache(loop: $0, limits: limits, asking: { _ in
                while !answer.value { usleep(1000) }
                return .failure(NameError(description: "no such name"))
            })
        })
        let failures = Locked<[CallFailure?]>([])
        let outbound = request(80)
        for _ in 0..<3 {
            client.run { client, _ in client.send(outbound, receiver: Collector { outcome in failures.change { $0.append(outcome.failure) } }) }
        }
        try await wait("the one too many") { failures.value.count == 1 }
        #expect(failures.value == [.ownShortage("too many calls wait for the addresses of a.test")])
        answer.value = true
        try await wait("the others") { failures.value.count == 3 }
        #expect(failures.value.dropFirst() == [.nameResolution("no such name"), .nameResolution("no such name")])
    }

    @Test func `says why when no address answers`() async throws {
        let port = try RawServer { _, _ in }.port
        let failure = try await client(["127.0.0.1", "127.0.0.3"]).send(request(port)).failure
        #expect(failure == .connect("connect: Connection refused"))
    }
}

/// A listening socket that answers no handshake, since its queue is full.
private final class SilentAddress {
    private var descriptors: [Int32] = []

    init(_ host: String, port: UInt16) throws {
        let listener = try open()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(listener, $0, length) == 0 && listen(listener, 0) == 0 }
        }
        guard isListening else { throw RawConnection.Failure(call: "listen", code: errno) }
        for _ in 0..<4 {
            let filler = try open()
            _ = fcntl(filler, F_SETFL, O_NONBLOCK)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(filler, $0, length) }
            }
        }
        usleepMilliseconds(20)
    }

    private func open() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw RawConnection.Failure(call: "socket", code: errno) }
        descriptors.append(descriptor)
        return descriptor
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
