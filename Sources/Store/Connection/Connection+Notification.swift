internal import CLibPQ
internal import Glibc

/// A message sent with NOTIFY.
package struct Announcement: Hashable, Sendable {
    package var channel: String
    package var payload: String
}

extension Connection {
    /// Subscribes to the channel on which applied revisions are announced.
    ///
    /// A subscription is session state, which a pooler in transaction mode loses: it only shortens the wait between polls.
    package func listenForRevisions() throws(DatabaseError) {
        try execute(script: "LISTEN \(Revisions.channel)")
    }

    /// The next message, or nil when none came within `timeout`. Blocks.
    package func waitForNotification(timeout: Duration) throws(DatabaseError) -> Announcement? {
        let deadline = ContinuousClock.now + timeout
        while true {
            if let notification = try pendingNotification() { return notification }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return nil }
            waitUntilReadable(milliseconds: Int32(clamping: left.wholeMilliseconds + 1))
        }
    }

    private func pendingNotification() throws(DatabaseError) -> Announcement? {
        try postgres(handle, succeeded: { $0 == 1 }) { PQconsumeInput($0) }
        guard let notify = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notify) }
        return Announcement(
            channel: String(cString: notify.pointee.relname), payload: String(cString: notify.pointee.extra))
    }

    /// Returns early on a signal; the caller looks at its deadline again.
    private func waitUntilReadable(milliseconds: Int32) {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
    }
}
