import Testing

@testable import Gateway

@Suite struct FailureBreakerTests {
    private let second: Int64 = 1_000_000_000
    private func breaker(_ failures: Int = 3) -> FailureBreaker {
        FailureBreaker(.init(failures: failures, within: 10 * second, pause: 30 * second))
    }

    @Test func `opens after so many failures in a row`() {
        let breaker = breaker()
        #expect(!breaker.failed(sent: 0, now: 1 * second))
        #expect(!breaker.failed(sent: 0, now: 2 * second))
        #expect(breaker.standing(now: 2 * second) == .closed)
        #expect(breaker.failed(sent: 0, now: 3 * second))
        #expect(breaker.standing(now: 4 * second) == .open(29 * second))
        #expect(!breaker.admits(now: 4 * second))
        #expect(breaker.openingCount == 1)
    }

    /// Nobody bounds what is declared, and times are added to it.
    @Test func `a pause without an end is a long one`() {
        let breaker = FailureBreaker(.init(failures: 1, within: .max, pause: .max))
        #expect(breaker.failed(sent: 0, now: second))
        #expect(!breaker.admits(now: 1_000_000 * second))
        #expect(!breaker.failed(sent: 2 * second, now: 3 * second))
        #expect(FailureBreaker.Terms(failures: 1, within: .max, pause: .max) == breaker.terms)
    }

    @Test func `a success in between begins the count anew`() {
        let breaker = breaker()
        for time in 0..<20 {
            #expect(!breaker.failed(sent: 0, now: Int64(time) * second))
            if time % 2 == 1 { #expect(!breaker.succeeded(sent: Int64(time) * second)) }
        }
    }

    @Test func `failures long ago do not count`() {
        let breaker = breaker()
        for time in stride(from: Int64(0), to: 100, by: 6) { #expect(!breaker.failed(sent: 0, now: time * second)) }
        #expect(breaker.failed(sent: 0, now: 97 * second))
    }

    @Test func `lets one request at a time try, and closes when one succeeds`() {
        let breaker = breaker(1)
        #expect(breaker.failed(sent: 0, now: 0 + second))
        let later = 32 * second
        #expect(breaker.standing(now: later) == .halfOpen)
        #expect(breaker.admits(now: later))
        #expect(breaker.admits(now: later), "asking spends nothing")
        breaker.noteTried(now: later)
        #expect(!breaker.admits(now: later))
        #expect(breaker.admits(now: later + FailureBreaker.probeInterval))
        #expect(breaker.succeeded(sent: later))
        #expect(breaker.standing(now: later) == .closed)
    }

    @Test func `opens again when the try fails`() {
        let breaker = breaker(1)
        #expect(breaker.failed(sent: 0, now: second))
        #expect(breaker.failed(sent: 32 * second, now: 33 * second))
        #expect(breaker.standing(now: 34 * second) == .open(29 * second))
        #expect(breaker.openingCount == 2)
    }

    @Test func `what was sent before it opened changes nothing`() {
        let breaker = breaker(1)
        #expect(breaker.failed(sent: 0, now: 5 * second))
        #expect(!breaker.succeeded(sent: 4 * second))
        #expect(!breaker.failed(sent: 4 * second, now: 20 * second))
        #expect(breaker.standing(now: 20 * second) == .open(15 * second))
    }
}

@Suite struct CheckResultTests {
    private let terms = CheckResult.Terms(unhealthyAfter: 3, healthyAfter: 2)

    @Test func `bad answers in a row make ill, good ones in a row well`() {
        var result = CheckResult()
        let answers = [false, false, true, false, false, false, true, false, true, true]
        let changes = answers.map { result.take($0, "HTTP 503", terms) }
        #expect(changes == [nil, nil, nil, nil, nil, .fell, nil, nil, nil, .recovered])
        #expect(!result.isIll)
        #expect(result.good == 4)
        #expect(result.bad == 6)
        #expect(result.reason == "HTTP 503")
    }
}

@Suite struct ModelHealthTests {
    @Test func `is left alone for as long as was asked, within reason`() {
        let health = ModelHealth()
        #expect(health.admits(now: 0))
        health.noteBusy(for: 100, now: 1000)
        #expect(!health.admits(now: 1099))
        #expect(health.admits(now: 1100))
        health.noteBusy(for: .max, now: 1000)
        #expect(health.admits(now: 1000 + ModelHealth.longestNanoseconds))
    }
}
