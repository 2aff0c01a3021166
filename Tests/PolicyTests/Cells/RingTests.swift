import Spec
import Testing

@testable import Policy

@Suite struct RingTests {
    /// Every admission with its time, counted the slow way.
    struct Reference {
        var admitted: [(at: Int64, amount: Int64)] = []

        func sum(within length: Int64, endingAt now: Int64) -> Int64 {
            admitted.filter { $0.at > now - length && $0.at <= now }.reduce(0) { $0 + $1.amount }
        }
    }

    @Test(arguments: [(RingShape.second, 1_000), (.minute, 60_000), (.hour, 3_600_000)] as [(RingShape, Int64)], 0..<4)
    func `never more than the bound within any window`(shape: (RingShape, Int64), seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let (shape, length) = shape
        var now = World.start.milliseconds + Int64.random(in: 0..<length, using: &random)
        var ring = Ring(shape: shape, serial: 0, now: Instant(milliseconds: now))
        var reference = Reference()
        let bound = Int64.random(in: 1...50, using: &random)
        for _ in 0..<2_000 {
            now += Int64.random(in: 0...length / 20, using: &random)
            let ask = Int64.random(in: 1...max(1, bound / 3), using: &random)
            ring.advance(to: Instant(milliseconds: now))
            guard ring.wait(for: ask, under: bound, now: Instant(milliseconds: now)) == 0 else { continue }
            _ = ring.add(ask)
            reference.admitted.append((now, ask))
            #expect(reference.sum(within: length, endingAt: now) <= bound)
        }
        #expect(reference.admitted.count > 50)
    }

    @Test(arguments: 0..<8) func `waiting exactly as told is enough, and a millisecond less is not`(seed: Int) throws {
        var random = Seeded(state: UInt64(seed))
        var now = World.start
        var ring = Ring(shape: .minute, serial: 0, now: now)
        for _ in 0..<300 {
            now = now.adding(milliseconds: Int64.random(in: 0...3_000, using: &random))
            let ask = Int64.random(in: 1...20, using: &random)
            ring.advance(to: now)
            let wait = try #require(ring.wait(for: ask, under: 40, now: now))
            if wait == 0 {
                _ = ring.add(ask)
                continue
            }
            var early = ring
            early.advance(to: now.adding(milliseconds: wait - 1))
            #expect(early.wait(for: ask, under: 40, now: now.adding(milliseconds: wait - 1)) == 1)
            var late = ring
            late.advance(to: now.adding(milliseconds: wait))
            #expect(late.wait(for: ask, under: 40, now: now.adding(milliseconds: wait)) == 0)
        }
    }

    @Test func `bursts at the end of one slot and the start of the last do not both pass`() {
        let slot = Instant(milliseconds: 1_790_000_000_000)
        let first = slot.adding(milliseconds: 999)
        var ring = Ring(shape: .minute, serial: 0, now: first)
        _ = ring.add(10)
        let almostAMinuteLater = slot.adding(milliseconds: 60_001)
        ring.advance(to: almostAMinuteLater)
        #expect(ring.wait(for: 1, under: 10, now: almostAMinuteLater) == 999)
    }

    @Test func `what exceeds the bound never fits`() {
        let ring = Ring(shape: .minute, serial: 0, now: World.start)
        #expect(ring.wait(for: 11, under: 10, now: World.start) == nil)
    }

    @Test func `a correction reaches the slot of admission only`() {
        var ring = Ring(shape: .minute, serial: 0, now: World.start)
        let slot = ring.add(100)
        ring.advance(to: World.start.adding(seconds: 30))
        _ = ring.add(5)
        ring.adjust(slot: slot, by: -90)
        #expect(ring.sum == 15)
        ring.advance(to: World.start.adding(seconds: 61))
        #expect(ring.sum == 5)
        ring.adjust(slot: slot, by: -10)
        #expect(ring.sum == 5)
    }

    @Test func `a clock that goes back a little changes nothing`() {
        var ring = Ring(shape: .minute, serial: 0, now: World.start)
        _ = ring.add(7)
        ring.advance(to: World.start.adding(seconds: -5))
        #expect(ring.sum == 7)
        ring.advance(to: World.start.adding(seconds: 61))
        #expect(ring.sum == 0)
    }

    @Test func `a clock that goes back a day forgives nothing and blocks for one window at most`() {
        var ring = Ring(shape: .minute, serial: 0, now: World.start)
        let slot = ring.add(7)
        let back = World.start.adding(seconds: -86_400)
        ring.advance(to: back)
        #expect(ring.sum == 7)
        ring.adjust(slot: slot, by: -7)
        #expect(ring.sum == 7)
        ring.advance(to: back.adding(seconds: 61))
        #expect(ring.sum == 0)
    }

    @Test func `a long silence empties the ring`() {
        var ring = Ring(shape: .second, serial: 0, now: World.start)
        _ = ring.add(3)
        ring.advance(to: World.start.adding(seconds: 1_000_000_000))
        #expect(ring.sum == 0)
        #expect(ring.wait(for: 10, under: 10, now: World.start.adding(seconds: 1_000_000_000)) == 0)
    }

    @Test func `it knows when it will be empty`() {
        var ring = Ring(shape: .minute, serial: 0, now: World.start)
        #expect(ring.emptyAfter(World.start) == 0)
        _ = ring.add(1)
        #expect(ring.emptyAfter(World.start) == 61_000)
        #expect(ring.emptyAfter(World.start.adding(seconds: 1)) == 60_000)
    }
}
