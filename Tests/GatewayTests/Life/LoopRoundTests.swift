import HTTP
import Synchronization
import TestKit
import Testing

@testable import Gateway

@Suite struct LoopRoundTests {
    private final class Flags: Sendable {
        let isHeld = Atomic<Bool>(true)
        let isBusy = Atomic<Bool>(false)
        let isGivenUp = Atomic<Bool>(false)
        let done = Atomic<Int>(0)
    }

    /// Two loops, of which the second does nothing until `flags` lets it go.
    private func loops(_ flags: Flags) throws -> [LoopThread] {
        let threads = try ["free", "busy"].map { try LoopThread.start(name: $0) { _ in } }
        threads[1].remote.post { _ in
            flags.isBusy.store(true, ordering: .relaxed)
            while flags.isHeld.load(ordering: .relaxed) { Pause.take(.milliseconds(1)) }
        }
        return threads
    }

    @Test func `waits for a loop for as long as it is busy, and says once which is late`() throws {
        let flags = Flags()
        let threads = try loops(flags)
        defer { end(threads) }
        let round = LoopRound(threads.map(\.remote)) { _ in flags.done.add(1, ordering: .relaxed) }
        let waiting = Background {
            var late: [[Int]] = []
            // Only when it has said so is the loop let go.
            let isDone = round.wait(unless: { false }, late: { late.append($0); flags.isHeld.store(false, ordering: .relaxed) })
            return (isDone, late, flags.done.load(ordering: .relaxed))
        }
        let (isDone, late, done) = try waiting.value()
        #expect(isDone && late == [[1]] && done == 2)
    }

    @Test func `stops waiting for a busy loop when it is given up`() throws {
        let flags = Flags()
        let threads = try loops(flags)
        defer {
            flags.isHeld.store(false, ordering: .relaxed)
            end(threads)
        }
        let round = LoopRound(threads.map(\.remote)) { _ in flags.done.add(1, ordering: .relaxed) }
        let waiting = Background { round.wait(unless: { flags.isGivenUp.load(ordering: .relaxed) }, late: { _ in }) }
        try eventually(within: .seconds(10), "the free one has done it") { flags.done.load(ordering: .relaxed) == 1 }
        flags.isGivenUp.store(true, ordering: .relaxed)
        #expect(try waiting.value(within: .seconds(4)) == false)
    }

    @Test func `waits for no loop that has ended, or ends before it comes to it`() throws {
        let flags = Flags()
        let ended = try LoopThread.start(name: "ended") { _ in }
        end([ended])
        let ending = try LoopThread.start(name: "ending") { _ in }
        ending.remote.post { loop in
            flags.isBusy.store(true, ordering: .relaxed)
            while flags.isHeld.load(ordering: .relaxed) { Pause.take(.milliseconds(1)) }
            loop.stop()
        }
        try eventually(within: .seconds(10), "the loop is busy") { flags.isBusy.load(ordering: .relaxed) }
        // For a turn that never comes.
        let round = LoopRound([ended.remote, ending.remote]) { _ in flags.done.add(1, ordering: .relaxed) }
        flags.isHeld.store(false, ordering: .relaxed)
        ending.join()
        #expect(try Background { round.wait(unless: { false }, late: { _ in }) }.value(within: .seconds(4)))
        #expect(flags.done.load(ordering: .relaxed) == 0)
    }

    private func end(_ threads: [LoopThread]) {
        for thread in threads {
            thread.stop()
            thread.join()
        }
    }
}
