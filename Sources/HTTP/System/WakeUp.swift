internal import CLinux
internal import Glibc

/// An eventfd by which any thread wakes a loop.
struct WakeUp: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(SystemError) {
        descriptor = try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
    }

    deinit { close(descriptor) }

    func signal() { _ = eventfd_write(descriptor, 1) }

    func clear() {
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor, &count)
    }
}
