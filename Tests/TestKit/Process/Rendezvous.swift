internal import Glibc

/// Threads that go on together: each waits until all are there, again and again.
package final class Rendezvous: Sendable {
    // Escape: set once, and looked into by the C library alone.
    private nonisolated(unsafe) let barrier: UnsafeMutablePointer<pthread_barrier_t>

    package init(_ count: Int) {
        barrier = .allocate(capacity: 1)
        pthread_barrier_init(barrier, nil, UInt32(count))
    }

    deinit {
        pthread_barrier_destroy(barrier)
        barrier.deallocate()
    }

    package func wait() { pthread_barrier_wait(barrier) }
}
