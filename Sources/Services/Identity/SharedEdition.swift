internal import Synchronization

/// What is read of the newest revision, once for all threads. From any thread.
final class SharedEdition<Content: Sendable>: Sendable {
    private let held = Mutex<(edition: Edition, content: Content)?>(nil)
    private let reading = Mutex(())

    /// A revision and the digest of its state: a database that was set back has other revisions under numbers that were seen.
    struct Edition: Hashable {
        var revision: Int64
        var stateDigest: String
    }

    /// What an edition holds, by `read` where nobody has read it yet, or what was read `isCurrent` no longer; whoever asks meanwhile waits
    /// for it.
    func content(of edition: Edition, where isCurrent: (Content) -> Bool = { _ in true }, read: () throws -> Content) throws -> Content {
        let before = held.withLock { $0 }
        if let before, before.edition == edition, isCurrent(before.content) { return before.content }
        return try reading.withLock { _ in
            let present = held.withLock { $0 }
            if let present, present.edition == edition, isCurrent(present.content) { return present.content }
            let content = try read()
            // What another thread has read meanwhile is of a newer picture than this one's.
            if present?.edition == before?.edition { held.withLock { $0 = (edition, content) } }
            return content
        }
    }
}
