import HTTP
import Synchronization
import TestKit
import Testing

@testable import Gateway

@Suite struct LoopCountTests {
    private final class Flags: Sendable {
        let isHeld = Atomic<Bool>(true)
        let isBusy = Atomic<Bool>(false)
        let done = Atomic<Int>(0)
    }

    @Test func `waits for a loop for as long as it is busy, and says once that it is late`() throws {
        let flags = Flags()
        let thread = try LoopThread.start(name: "busy") { _ in }
        defer { end(thread) }
        thread.remote.post { _ in while flags.isHeld.load(ordering: .relaxed) { Pause.take(.milliseconds(1)) } }
        let waiting = Background {
            let count = LoopCount()
            count.post(to: thread.remote) { _ in flags.done.add(1, ordering: .relaxed) }
            var late = 0
            count.wait { late += 1; flags.isHeld.store(false, ordering: .relaxed) }
            return (late, flags.done.load(ordering: .relaxed))
        }
        // Only when it has said so is the loop let go.
        let (late, done) = try waiting.value()
        #expect(late == 1 && done == 1)
    }

    @Test func `waits for no loop that has ended, or ends before it comes to it`() throws {
        let flags = Flags()
        let ended = try LoopThread.start(name: "ended") { _ in }
        end(ended)
        let ending = try LoopThread.start(name: "ending") { _ in }
        ending.remote.post { loop in
            flags.isBusy.store(true, ordering: .relaxed)
            while flags.isHeld.load(ordering: .relaxed) { Pause.take(.milliseconds(1)) }
            loop.stop()
        }
        let count = LoopCount()
        count.post(to: ended.remote) { _ in flags.done.add(1, ordering: .relaxed) }
        try eventually(within: .seconds(10), "the loop is busy") { flags.isBusy.load(ordering: .relaxed) }
        // For a turn that never comes.
        count.post(to: ending.remote) { _ in flags.done.add(1, ordering: .relaxed) }
        flags.isHeld.store(false, ordering: .relaxed)
        ending.join()
        try Background { count.wait() }.value(within: .seconds(4))
        #expect(flags.done.load(ordering: .relaxed) == 0)
    }

    private func end(_ thread: LoopThread) {
        thread.stop()
        thread.join()
    }
}
