@testable import HTTP
import TestKit
import Testing

@Suite struct LoopTests {
    @Test func `fires timers in the order of their deadlines`() async throws {
        let fired = Locked<[Int]>([])
        let thread = try LoopThread.start(name: "timers") { loop in
            for index in [3, 1, 2, 0] {
                loop.schedule(after: .milliseconds(index * 5)) { fired.change { $0.append(index) } }
            }
            loop.schedule(after: .milliseconds(7)) { fired.change { $0.append(99) } }.cancel()
        }
        try await wait("the timers") { fired.value.count == 4 }
        #expect(fired.value == [0, 1, 2, 3])
        thread.stop()
        thread.join()
    }

    @Test func `runs posted jobs in order and none after its end`() async throws {
        let seen = Locked<[Int]>([])
        let thread = try LoopThread.start(name: "jobs") { _ in }
        for index in 0..<100 { thread.remote.post { _ in seen.change { $0.append(index) } } }
        thread.stop()
        thread.join()
        #expect(seen.value == Array(0..<100))
        #expect(!thread.remote.post { _ in })
    }

    @Test func `is waited for no longer than told, and again`() throws {
        let isHeld = Locked(true)
        let thread = try LoopThread.start(name: "busy") { _ in }
        thread.remote.post { _ in while isHeld.value { usleepMilliseconds(1) } }
        thread.stop()
        #expect(!thread.join(within: .milliseconds(20)))
        isHeld.value = false
        #expect(thread.join(within: .seconds(60)))
        #expect(thread.join(within: .zero))
    }

    @Test func `tells what its set-up throws`() {
        #expect(throws: AddressError.self) {
            try LoopThread.start(name: "fails") { loop in
                _ = try Server(loop: loop, listening: ListenAddress(host: "nowhere", port: 0)) { _ in }
            }
        }
    }

    @Test func `brings back what was worked out elsewhere`() async throws {
        let result = Locked(0)
        let thread = try LoopThread.start(name: "offload") { loop in
            loop.offload({ 6 * 7 }, then: { result.value = $0 })
        }
        try await wait("the result") { result.value == 42 }
        thread.stop()
        thread.join()
    }

    @Test func `calls beforeFlush once before the bytes of a batch leave`() throws {
        let log = Locked<[String]>([])
        let server = try TestServer(setUp: { _, loop in
            loop.beforeFlush = { log.change { $0.append("flush") } }
        }) { exchange, _ in
            log.change { $0.append("request") }
            exchange.respond("ok")
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(String(repeating: "GET / HTTP/1.1\r\nHost: t\r\n\r\n", count: 3))
        _ = try connection.receive { $0.components(separatedBy: "\r\n\r\nok").count == 4 }
        #expect(log.value == ["request", "request", "request", "flush"])
    }
}

@Suite struct TimerHeapTests {
    private func instant(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    @Test func `gives timers back in order whatever is moved, switched off or removed`() {
        var random = SplitMix(state: 3)
        var heap = TimerHeap()
        let timers = (0..<300).map { _ in LoopTimer {} }
        var deadlines: [Int: Int64] = [:]
        for _ in 0..<3000 {
            let index = Int(random.next() % 300)
            switch random.next() % 4 {
            case 0:
                heap.switchOff(timers[index])
                deadlines[index] = nil
            case 1:
                heap.remove(timers[index])
                deadlines[index] = nil
            default:
                let deadline = Int64(random.next() % 1000)
                heap.set(timers[index], at: instant(deadline))
                deadlines[index] = deadline
            }
        }
        for now in Int64(0)..<1000 {
            while let due = heap.popDue(instant(now)) {
                let index = timers.firstIndex { $0 === due } ?? -1
                #expect(deadlines.removeValue(forKey: index) == now)
            }
        }
        #expect(deadlines.isEmpty)
        #expect(heap.count == 0)
    }
}

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ])
    func `knows addresses that are not public`(_ text: String) throws {
        #expect(try #require(NetworkAddress(literal: text, port: 1)).isPrivate)
    }

    @Test(arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
    func `knows addresses that are public`(_ text: String) throws {
        #expect(try #require(NetworkAddress(literal: text, port: 1)).isPrivate == false)
    }

    @Test func `keeps its text`() throws {
        #expect(try #require(NetworkAddress(literal: "[2001:db8::1]", port: 443)).description == "[2001:db8::1]:443")
        #expect(try #require(NetworkAddress(literal: "1.2.3.4", port: 80)).bytes == [1, 2, 3, 4])
        #expect(NetworkAddress(literal: "example.org", port: 80) == nil)
    }
}

@Suite struct OriginTests {
    @Test func `splits an address`() throws {
        let (origin, path) = try #require(Origin.parse("https://API.example.com/v1/"))
        #expect(origin == Origin(scheme: .https, host: "api.example.com", port: 443))
        #expect(path == "/v1")
        #expect(origin.hostHeader == "api.example.com")
        #expect(Origin.parse("http://[::1]:8080")?.origin.hostHeader == "[::1]:8080")
        #expect(Origin.parse("http://a:81")?.origin.port == 81)
    }

    @Test(arguments: ["", "a", "ftp://a", "http://", "http://u@a", "http://a:0", "http://a:99999", "http://a/?b", "http://a b"])
    func `refuses what is no address`(_ text: String) {
        #expect(Origin.parse(text) == nil)
    }
}
