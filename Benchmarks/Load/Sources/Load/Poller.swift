import CLinux
import Glibc

/// One epoll descriptor; waits to the nanosecond.
final class Poller {
    private let descriptor = epoll_create1(0)
    private var events = [epoll_event](repeating: epoll_event(), count: 1024)

    init() throws {
        guard descriptor >= 0 else { throw LoadError(reason: "epoll_create1 failed") }
        // The kernel would otherwise wake us up to 50 µs late.
        let slack = open("/proc/self/timerslack_ns", O_WRONLY)
        if slack >= 0 {
            _ = write(slack, "1", 1)
            close(slack)
        }
    }

    func watch(_ socket: Int32, as number: Int, writing: Bool = false, isWatched: Bool = false) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(number)
        epoll_ctl(descriptor, isWatched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)
    }

    /// Waits until something happens or `until` is there, and hands over the numbers of those that it happened to.
    func wait(until: Int, _ body: (Int, _ canWrite: Bool) throws -> Void) rethrows {
        let left = max(0, until - Clock.now())
        var time = timespec(tv_sec: left / Clock.nanosecondsPerSecond, tv_nsec: left % Clock.nanosecondsPerSecond)
        let count = epoll_pwait2(descriptor, &events, Int32(events.count), &time, nil)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            try body(Int(event.data.u64), event.events & EPOLLOUT.rawValue != 0)
        }
    }
}
