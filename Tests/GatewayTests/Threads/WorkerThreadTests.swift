import Synchronization
import Testing

@testable import Gateway

@Suite struct WorkerThreadTests {
    @Test func `a thread that ends is joined`() throws {
        let thread = try WorkerThread()
        thread.start(name: "test") { thread in while !thread.isStopping { thread.sleep(.seconds(10)) } }
        thread.stop()
        #expect(thread.join(within: .seconds(10)))
    }

    @Test func `a thread that hangs is left to itself`() throws {
        let thread = try WorkerThread()
        let isReleased = Atomic<Bool>(false)
        thread.start(name: "test") { _ in while !isReleased.load(ordering: .acquiring) {} }
        #expect(!thread.join(within: .milliseconds(20)))
        isReleased.store(true, ordering: .releasing)
    }
}
