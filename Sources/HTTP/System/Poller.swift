internal import CLinux
internal import Glibc

/// What a descriptor is ready for, as epoll reports it.
struct Readiness: OptionSet {
    let rawValue: UInt32

    static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The other side has shut its sending direction.
    static let peerFinished = Readiness(rawValue: EPOLLRDHUP.rawValue)
    static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
    static let error = Readiness(rawValue: EPOLLERR.rawValue)
    /// Of several pollers that wait for one descriptor, not all are woken.
    static let exclusive = Readiness(rawValue: EPOLLEXCLUSIVE.rawValue)
    static let edge = Readiness(rawValue: EPOLLET.rawValue)
}

/// An epoll descriptor and the events of its last wait.
struct Poller: ~Copyable {
    private let descriptor: Int32
    private var events: [epoll_event]

    init(eventsPerWait: Int) throws(SystemError) {
        descriptor = try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        events = [epoll_event](repeating: epoll_event(), count: eventsPerWait)
    }

    deinit { close(descriptor) }

    func add(_ target: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, target, interest, token)
    }

    func modify(_ target: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, target, interest, token)
    }

    func remove(_ target: Int32) {
        epoll_ctl(descriptor, EPOLL_CTL_DEL, target, nil)
    }

    /// Waits at most `milliseconds` (-1: for ever) and says how many events came; none when a signal interrupted it.
    mutating func wait(milliseconds: Int32) throws(SystemError) -> Int {
        let descriptor = descriptor
        let answer = events.withUnsafeMutableBufferPointer { buffer in
            epoll_wait(descriptor, buffer.baseAddress, Int32(buffer.count), milliseconds)
        }
        if answer >= 0 { return Int(answer) }
        if errno == EINTR { return 0 }
        throw SystemError(errno, call: "epoll_wait")
    }

    func event(at index: Int) -> (token: UInt64, readiness: Readiness) {
        let event = events[index]
        return (event.data.u64, Readiness(rawValue: event.events))
    }

    private func control(
        _ operation: Int32, _ target: Int32, _ interest: Readiness, _ token: UInt64
    ) throws(SystemError) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        try check("epoll_ctl") { epoll_ctl(descriptor, operation, target, &event) }
    }
}
