import Spec
import Testing

@testable import Reconciler

/// The rules of the listener that need no listener.
struct ListenerRuleTests {
    @Test func `an address that calls too often is refused until it has calls again, and no other for its sake`() {
        let limiter = Limited()
        let burst = Int(CallLimiter.burst)
        #expect((0..<burst).allSatisfy { _ in limiter.admits(1, at: 10) })
        #expect(!limiter.admits(1, at: 10))
        #expect(limiter.admits(2, at: 10))
        #expect(limiter.admits(1, at: 10 + 1.01 / CallLimiter.perSecond))
        #expect(!limiter.admits(1, at: 10 + 1.02 / CallLimiter.perSecond))
        #expect((0..<burst).allSatisfy { _ in limiter.admits(1, at: 1000) })
        #expect(!limiter.admits(1, at: 1000), "and never more at once")
    }

    @Test func `addresses without end shut nobody out, and none that called often is forgotten for them`() {
        let limiter = Limited()
        let burst = Int(CallLimiter.burst)
        #expect((0..<burst).allSatisfy { _ in limiter.admits(7, at: 5) })
        for address in 100..<UInt64(CallLimiter.addressesMax * 3) { #expect(limiter.admits(address, at: 5)) }
        #expect(limiter.admits(.max, at: 5))
        #expect(!limiter.admits(7, at: 5), "it is still known for its calls")
        #expect(limiter.count == CallLimiter.addressesMax)
    }

    @Test func `hints are heeded at once, and then once in a while however many come`() {
        let pace = Paced()
        let start = ContinuousClock.now
        #expect(!pace.look(at: start) && pace.due == nil)
        pace.hinted(at: start)
        #expect(pace.due == start)
        #expect(pace.look(at: start) && pace.due == nil)
        pace.hinted(at: start + .milliseconds(10))
        pace.hinted(at: start + .milliseconds(20))
        #expect(pace.due == start + HintPace.pauseMin)
        #expect(pace.look(at: start + HintPace.pauseMin))
        pace.hinted(at: start + .seconds(60))
        #expect(pace.due == start + .seconds(60))
    }

    @Test func `a loop that has not turned for long is stuck, and one without PostgreSQL is only not ready`() {
        var posting = WatchBoard.Posting()
        let now = ContinuousClock.now
        #expect(WatchHealth(silence: .zero, posting: posting, now: now).faults == ["PostgreSQL was not reached yet"])
        posting.reportedAt = now - .seconds(5)
        #expect(WatchHealth(silence: .zero, posting: posting, now: now).faults.isEmpty)
        posting.reportedAt = now - .seconds(60)
        posting.trouble = "no route"
        let away = WatchHealth(silence: .zero, posting: posting, now: now)
        #expect(away.isAlive && away.faults == ["PostgreSQL has not answered for 60 s: no route"])
        var discreet = away
        discreet.tellsReasons = false
        #expect(discreet.faults == ["PostgreSQL has not answered for 60 s"])
        posting.reportedAt = nil
        #expect(WatchHealth(silence: .zero, posting: posting, now: now, tellsReasons: false).faults == ["PostgreSQL was not reached yet"])
        let stuck = WatchHealth(silence: WatchHealth.silenceMax + .seconds(1), posting: posting, now: now)
        #expect(!stuck.isAlive && stuck.healthJSON.text == #"{"status":"stuck","last_turn_seconds":301}"#)
    }

    @Test func `the reader of metrics refuses what Prometheus would`() {
        let good = "# HELP a_total x\n# TYPE a_total counter\na_total{b=\"c\\\"d\"} 1\n"
        #expect(throws: Never.self) { try PrometheusReader(good) }
        for bad in [
            "a 1\n", good + good, good.replacing(" 1\n", with: " one\n"), good.replacing("\\\"", with: "\""), good + "a_total{b=\"c\\\"d\"} 2\n",
            good.replacing("# HELP a_total x\n", with: ""), String(good.dropLast()),
        ] {
            #expect(throws: PrometheusReader.Malformed.self, "\(bad)") { try PrometheusReader(bad) }
        }
    }

    private final class Limited {
        private var limiter = CallLimiter()
        func admits(_ address: UInt64, at now: Double) -> Bool { limiter.admits(address, at: now) }
        var count: Int { limiter.count }
    }

    private final class Paced {
        private var pace = HintPace()
        var due: ContinuousClock.Instant? { pace.due }
        func hinted(at now: ContinuousClock.Instant) { pace.hinted(at: now) }
        func look(at now: ContinuousClock.Instant) -> Bool { pace.look(at: now) }
    }
}
