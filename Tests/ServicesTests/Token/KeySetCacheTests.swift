import Crypto
import Synchronization
import TestKit
import Testing

@testable import Services

/// What the issuer is asked, how often, and what serves meanwhile; the clock is the test's.
struct KeySetCacheTests {
    private static let issuer = "https://login.acme.example"

    /// An issuer that answers at once with what it was last given.
    private final class Issuer: KeySetSource {
        private let state: Mutex<(answer: Result<KeySet, TokenProblem>, asked: Int)>

        init(_ answer: Result<KeySet, TokenProblem>) { state = Mutex((answer, 0)) }

        var asked: Int { state.withLock { $0.asked } }

        func answer(_ answer: Result<KeySet, TokenProblem>) { state.withLock { $0.answer = answer } }

        func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
            done(state.withLock { state in
                state.asked += 1
                return state.answer
            })
        }
    }

    private final class Clock: Sendable {
        private let state = Mutex(ContinuousClock.now)

        var now: ContinuousClock.Instant { state.withLock { $0 } }

        func pass(_ duration: Duration) { state.withLock { $0 = $0.advanced(by: duration) } }
    }

    private static func set(_ ids: String...) throws -> KeySet {
        let keys = try ids.map { try TokenKey(.ec("P-256")).jwk(#""kid":"\#($0)""#) }
        return try KeySet(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    private static func cache(_ issuer: Issuer, _ clock: Clock) -> KeySetCache { KeySetCache(issuer) { clock.now } }

    private static let outage = Result<KeySet, TokenProblem>.failure(TokenProblem("it is down"))

    @Test func `keys are asked for once and serve`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a"))), Clock())
        let cache = Self.cache(issuer, clock)
        for _ in 0..<5 { #expect(try cache.keys(of: Self.issuer, holding: "a").has("a")) }
        #expect(issuer.asked == 1)
    }

    @Test func `a storm of unknown key ids asks the issuer once a minute`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a"))), Clock())
        let cache = Self.cache(issuer, clock)
        for number in 0..<1000 { #expect(try !cache.keys(of: Self.issuer, holding: "x\(number)").has("x\(number)")) }
        #expect(issuer.asked == 1)
        clock.pass(KeySetCache.pause)
        for number in 0..<1000 { _ = try cache.keys(of: Self.issuer, holding: "x\(number)") }
        #expect(issuer.asked == 2)
    }

    @Test func `a key that the issuer begins to use is known with the first token it signs`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a"))), Clock())
        let cache = Self.cache(issuer, clock)
        _ = try cache.keys(of: Self.issuer, holding: "a")
        issuer.answer(.success(try Self.set("a", "b")))
        clock.pass(KeySetCache.pause)
        #expect(try cache.keys(of: Self.issuer, holding: "b").has("b"))
        #expect(try cache.keys(of: Self.issuer, holding: "a").has("a"))
        #expect(issuer.asked == 2)
    }

    @Test func `a key that the issuer withdraws is refused once the keys are refreshed`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a", "b"))), Clock())
        let cache = Self.cache(issuer, clock)
        _ = try cache.keys(of: Self.issuer, holding: "a")
        issuer.answer(.success(try Self.set("b")))
        clock.pass(KeySetCache.refreshAge)
        // Whoever finds the keys old is served by them while they are renewed.
        _ = try cache.keys(of: Self.issuer, holding: "a")
        #expect(try !cache.keys(of: Self.issuer, holding: "a").has("a"))
        #expect(issuer.asked == 2)
    }

    @Test func `keys serve for an hour while the issuer is down, and no longer`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a"))), Clock())
        let cache = Self.cache(issuer, clock)
        _ = try cache.keys(of: Self.issuer, holding: "a")
        issuer.answer(Self.outage)
        clock.pass(KeySetCache.ageMax - .seconds(1))
        #expect(try cache.keys(of: Self.issuer, holding: "a").has("a"))
        clock.pass(.seconds(1))
        let refusal = #expect(throws: IdentityRefusal.self) { try cache.keys(of: Self.issuer, holding: "a") }
        #expect(refusal?.answer == .unavailable)
        issuer.answer(.success(try Self.set("a")))
        clock.pass(KeySetCache.pauseWithoutKeys)
        #expect(try cache.keys(of: Self.issuer, holding: "a").has("a"))
    }

    @Test func `an issuer that is down from the beginning is not asked by every token`() throws {
        let (issuer, clock) = (Issuer(Self.outage), Clock())
        let cache = Self.cache(issuer, clock)
        for _ in 0..<100 {
            #expect(throws: IdentityRefusal.self) { try cache.keys(of: Self.issuer, holding: "a") }
        }
        #expect(issuer.asked == 1)
    }

    /// An issuer that answers when it is told to.
    private final class SlowIssuer: KeySetSource {
        private let asked = Mutex<[(issuer: String, done: @Sendable (Result<KeySet, TokenProblem>) -> Void)]>([])

        var issuers: [String] { asked.withLock { $0.map(\.issuer) } }

        func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
            asked.withLock { $0.append((issuer, done)) }
        }

        func answer(_ result: Result<KeySet, TokenProblem>) {
            let waiting = asked.withLock { asked in
                defer { asked = [] }
                return asked
            }
            for one in waiting { one.done(result) }
        }
    }

    @Test func `all who wait are answered by one request`() throws {
        let issuer = SlowIssuer()
        let cache = KeySetCache(issuer)
        let set = try Self.set("a")
        let found = (0..<4).map { _ in Background { try cache.keys(of: Self.issuer, holding: "a").has("a") } }
        try eventually(within: .seconds(30), "the issuer is asked, and all wait") {
            issuer.issuers == [Self.issuer] && cache.waiting == 4
        }
        issuer.answer(.success(set))
        for one in found { #expect(try one.value()) }
        #expect(issuer.issuers.isEmpty && cache.waiting == 0)
    }

    @Test func `those who wait for one dead issuer leave places to others, and whoever finds none is refused at once`() throws {
        let issuer = SlowIssuer()
        let cache = KeySetCache(issuer, waitersMax: 2)
        let (dead, other, third) = ("https://dead.example", "https://other.example", "https://third.example")
        let waiting = Background { try? cache.keys(of: dead, holding: "a") }
        try eventually(within: .seconds(30), "one waits") { cache.waiting == 1 }
        for _ in 0..<100 {
            let refusal = #expect(throws: IdentityRefusal.self) { try cache.keys(of: dead, holding: "a") }
            #expect(refusal?.answer == .unavailable)
        }
        let served = Background { try cache.keys(of: other, holding: "a").has("a") }
        try eventually(within: .seconds(30), "the other's waits beside it") { cache.waiting == 2 }
        // Nobody waits for the third, which is asked all the same, so that its next token is good.
        #expect(throws: IdentityRefusal.self) { try cache.keys(of: third, holding: "a") }
        #expect(issuer.issuers == [dead, other, third])
        issuer.answer(.success(try Self.set("a")))
        #expect(try served.value() && waiting.value() != nil)
        #expect(try cache.keys(of: third, holding: "a").has("a"))
        #expect(cache.waiting == 0)
    }

    @Test func `an issuer that lets a request run out is left alone from its end on`() throws {
        let (issuer, clock) = (SlowIssuer(), Clock())
        let cache = KeySetCache(issuer, waitersMax: 2) { clock.now }
        let waiting = Background { try? cache.keys(of: Self.issuer, holding: "a") }
        try eventually(within: .seconds(30), "it is asked") { issuer.issuers.count == 1 }
        // Longer than the pause: counted from the beginning, the next token would have it asked, and waited for, again.
        clock.pass(KeySetCache.pauseWithoutKeys * 2)
        issuer.answer(Self.outage)
        #expect(try waiting.value() == nil)
        #expect(throws: IdentityRefusal.self) { try cache.keys(of: Self.issuer, holding: "a") }
        #expect(issuer.issuers.isEmpty)
        clock.pass(KeySetCache.pauseWithoutKeys)
        let again = Background { try? cache.keys(of: Self.issuer, holding: "a") }
        try eventually(within: .seconds(30), "it is asked again") { issuer.issuers.count == 1 }
        issuer.answer(.success(try Self.set("a")))
        #expect(try again.value() != nil)
    }

    @Test func `issuers are told apart, and only so many are remembered`() throws {
        let (issuer, clock) = (Issuer(.success(try Self.set("a"))), Clock())
        let cache = Self.cache(issuer, clock)
        for number in 0..<(KeySetCache.issuersMax + 10) {
            clock.pass(.seconds(1))
            _ = try cache.keys(of: "https://\(number).example", holding: "a")
        }
        let asked = issuer.asked
        _ = try cache.keys(of: "https://\(KeySetCache.issuersMax + 9).example", holding: "a")
        #expect(issuer.asked == asked)
        _ = try cache.keys(of: "https://0.example", holding: "a")
        #expect(issuer.asked == asked + 1)
    }
}
