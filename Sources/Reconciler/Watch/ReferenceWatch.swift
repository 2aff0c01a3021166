internal import Glibc

/// Wakes the loop when a reference of a repository on this machine moves (inotify(7)).
///
/// Confined to one thread.
final class ReferenceWatch {
    private let descriptor: Int32
    private let folders: () -> [String]
    private var events = [UInt8](repeating: 0, count: 16 << 10)

    /// Of all folders that hold references now, asked again as branches make new ones.
    ///
    /// `wakes` shows that the signal which tells of it is blocked; unblocked it would end the process.
    init(folders: @escaping @autoclosure () -> [String], wakes _: Termination) throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("watch a repository", code: errno) }
        self.folders = folders
        look()
        guard fcntl(descriptor, F_SETOWN, getpid()) == 0, fcntl(descriptor, F_SETFL, O_ASYNC | O_NONBLOCK) == 0 else {
            throw SystemError("watch a repository", code: errno)
        }
    }

    deinit { close(descriptor) }

    /// Whether anything happened since it was asked last.
    var hasMoved: Bool {
        var moved = false
        while read(descriptor, &events, events.count) > 0 { moved = true }
        if moved { look() }
        return moved
    }

    private func look() {
        for folder in folders() { inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE | IN_DELETE)) }
    }
}
