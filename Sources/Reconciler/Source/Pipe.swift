internal import Glibc
internal import Spec

/// A pipe from a child process; both ends close when the value goes.
struct Pipe: ~Copyable {
    /// A child of ours says a line or two; anything longer is cut here.
    private static let bytesMax = 64 << 10

    let readEnd: Int32
    private(set) var writeEnd: Int32
    private var bytes: [UInt8] = []
    private var isOpen = true

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("make a pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        if writeEnd >= 0 { close(writeEnd) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func closeWriteEnd() {
        close(writeEnd)
        writeEnd = -1
    }

    /// How often whoever waits is asked whether to go on.
    private static let heartbeat = Duration.milliseconds(200)

    /// Reads both pipes to their ends; false when `deadline` came first. Calls `heartbeat` all the while, whose error ends it.
    static func drain(
        _ a: inout Pipe, _ b: inout Pipe, until deadline: ContinuousClock.Instant, heartbeat: () throws -> Void
    ) throws -> Bool {
        while a.isOpen || b.isOpen {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return false }
            try heartbeat()
            var waits = [
                pollfd(fd: a.isOpen ? a.readEnd : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: b.isOpen ? b.readEnd : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard
                poll(&waits, nfds_t(waits.count), Int32(clamping: min(left, Self.heartbeat).wholeMilliseconds + 1)) > 0
            else { continue }
            if waits[0].revents != 0 { a.readSome() }
            if waits[1].revents != 0 { b.readSome() }
        }
        return true
    }

    private mutating func readSome() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(readEnd, &buffer, buffer.count)
        if count > 0 {
            bytes.append(contentsOf: buffer[..<count].prefix(max(0, Self.bytesMax - bytes.count)))
        } else if count == 0 || errno != EINTR {
            isOpen = false
        }
    }
}
