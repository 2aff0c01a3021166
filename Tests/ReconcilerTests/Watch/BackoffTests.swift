import Testing

@testable import Reconciler

/// The pauses of the loop.
struct BackoffTests {
    @Test func `a pause doubles with each failure up to the longest, and is between half of it and the whole`() {
        var backoff = Backoff(first: .milliseconds(250), max: .seconds(30))
        var longest = backoff
        let low = (0..<12).map { _ in backoff.pause(draw: 0) }
        let high = (0..<12).map { _ in longest.pause(draw: 1) }
        let whole: [Double] = [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]
        #expect(low == whole.map { .seconds($0 / 2) })
        #expect(high == whole.map { .seconds($0) })
    }

    @Test func `any number of failures overflows nothing`() {
        var backoff = Backoff(first: .milliseconds(250), max: .seconds(30))
        for _ in 0..<10_000 { _ = backoff.pause(draw: 0.5) }
        #expect(backoff.pause(draw: 0.999) <= .seconds(30))
        #expect(backoff.pause(draw: 0) == .seconds(15))
    }

    @Test func `what succeeds begins it anew`() {
        var backoff = Backoff(first: .milliseconds(250), max: .seconds(30))
        for _ in 0..<6 { _ = backoff.pause(draw: 0) }
        backoff.reset()
        #expect(backoff.failures == 0)
        #expect(backoff.pause(draw: 0) == .milliseconds(125))
        #expect(backoff.pause(draw: 0) == .milliseconds(250))
    }

    @Test func `a longest pause below the first one counts`() {
        var backoff = Backoff(first: .seconds(10), max: .seconds(2))
        #expect(backoff.pause(draw: 1) == .seconds(2))
    }

    @Test func `a look at the branch comes after the poll and up to a fifth of it later`() {
        let settings = WatchSettings(poll: .seconds(5))
        #expect(settings.pause(draw: 0) == .seconds(5))
        #expect(settings.pause(draw: 0.5) == .milliseconds(5_500))
        #expect(settings.pause(draw: 0.999_999) < .seconds(6))
        let pauses = (0..<200).map { _ in settings.pause(draw: .random(in: 0..<1)) }
        #expect(Set(pauses).count > 100, "many reconcilers do not ask in step")
    }
}
