internal import Glibc

/// Ends a child when its parent is gone, however the parent died: what it holds, such as the lock of a mirror, is wanted by the next.
enum ParentLife {
    /// Standard input is a pipe that nobody writes to and that closes with the parent. The kernel then sends SIGIO
    /// (fcntl(2), O_ASYNC), whose default action ends this process, whatever it is in the middle of.
    static func follow() throws(SystemError) {
        guard fcntl(STDIN_FILENO, F_SETOWN, getpid()) == 0, fcntl(STDIN_FILENO, F_SETFL, O_ASYNC) == 0 else {
            throw SystemError("listen for the end of the parent", code: errno)
        }
        // One that ended before is told of by no signal.
        var pipe = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
        if poll(&pipe, 1, 0) > 0, pipe.revents & Int16(POLLHUP) != 0 { raise(SIGIO) }
    }
}
