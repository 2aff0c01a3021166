import Testing

@testable import HTTP

/// Names are looked up through a resolver that does what a test says.
@Suite struct NameCacheTests {
    /// Answers by turns, and counts.
    private final class Resolver: Sendable {
        let asked = Locked(0)
        private let answer: @Sendable (Int) -> NameCache.Answer

        init(_ answer: @escaping @Sendable (Int) -> NameCache.Answer) { self.answer = answer }

        func ask(_ host: String) -> NameCache.Answer {
            answer(asked.change { count in
                count += 1
                return count
            })
        }
    }

    private static let good = NetworkAddress(literal: "192.0.2.1", port: 0)
    private static func found() -> NameCache.Answer { good.map { .success([$0]) } ?? .failure(NameError(description: "no address")) }
    private static let failed = NameCache.Answer.failure(NameError(description: "no such name"))

    /// Asks for a name again and again on a loop of its own, `pauses` apart.
    private func answers(
        _ resolver: Resolver, _ limits: NameLimits, pauses: [Duration], stale: Locked<Int> = Locked(0)
    ) async throws -> [String] {
        let seen = Locked<[String]>([])
        let thread = try LoopThread.start(name: "names") { loop in
            let names = NameCache(loop: loop, limits: limits, asking: resolver.ask)
            names.onStaleAnswer = { stale.change { $0 += 1 } }
            loop.keep(names)
        }
        defer {
            thread.stop()
            thread.join()
        }
        for (index, pause) in ([.zero] + pauses).enumerated() {
            try await Task.sleep(for: pause)
            thread.remote.post { loop in
                loop.kept(NameCache.self)?.addresses(of: Origin(scheme: .http, host: "a.test", port: 80)) { answer in
                    let text = (try? answer.get().map(\.description).joined(separator: " ")) ?? "failed"
                    seen.change { $0.append(text) }
                }
            }
            try await wait("answer \(index)") { seen.value.count > index }
        }
        return seen.value
    }

    @Test(arguments: [(Duration.seconds(1000), 1), (.zero, 3)])
    func `believes an answer for a while, then asks again`(_ age: Duration, _ times: Int) async throws {
        let resolver = Resolver { _ in Self.found() }
        var limits = NameLimits()
        limits.age = age
        let answers = try await answers(resolver, limits, pauses: [.milliseconds(2), .milliseconds(2)])
        #expect(answers == Array(repeating: "192.0.2.1:80", count: 3))
        #expect(resolver.asked.value == times)
    }

    @Test(arguments: [(Duration.seconds(1000), ["failed", "failed"]), (.zero, ["failed", "192.0.2.1:80"])])
    func `believes for a short time that a name has no address`(_ age: Duration, _ expected: [String]) async throws {
        let resolver = Resolver { $0 == 1 ? Self.failed : Self.found() }
        var limits = NameLimits()
        limits.failureAge = age
        #expect(try await answers(resolver, limits, pauses: [.milliseconds(2)]) == expected)
    }

    @Test func `uses old addresses while a name cannot be looked up, and says so`() async throws {
        let resolver = Resolver { $0 == 1 ? Self.found() : Self.failed }
        var limits = NameLimits()
        limits.age = .milliseconds(10)
        limits.failureAge = .milliseconds(1)
        let stale = Locked(0)
        let answers = try await answers(resolver, limits, pauses: [.milliseconds(50), .milliseconds(50)], stale: stale)
        #expect(answers == Array(repeating: "192.0.2.1:80", count: 3))
        #expect(stale.value == 2)
    }

    @Test func `uses no addresses that are too old`() async throws {
        let resolver = Resolver { $0 == 1 ? Self.found() : Self.failed }
        var limits = NameLimits()
        limits.age = .milliseconds(10)
        limits.staleAge = .milliseconds(20)
        #expect(try await answers(resolver, limits, pauses: [.milliseconds(100)]) == ["192.0.2.1:80", "failed"])
    }

    @Test func `has nobody wait for a slow resolver who can have old addresses`() async throws {
        let release = Locked(false)
        let resolver = Resolver { number in
            while number > 1, !release.value { usleepMilliseconds(2) }
            return Self.found()
        }
        var limits = NameLimits()
        limits.age = .milliseconds(10)
        limits.patience = .milliseconds(30)
        let stale = Locked(0)
        defer { release.value = true }
        let answers = try await answers(resolver, limits, pauses: [.milliseconds(50), .zero], stale: stale)
        #expect(answers == Array(repeating: "192.0.2.1:80", count: 3))
        #expect(resolver.asked.value == 2)
        #expect(stale.value == 2)
    }
}
