internal import Crypto
internal import Glibc

/// Two gateways were given one state directory.
package struct StateDirectoryInUse: Error, CustomStringConvertible {
    package var path: String
    package var description: String { "another running gateway has the state directory \(path); give each its own, or take its place with --take-over" }
}

/// The directory that belongs to one gateway: its identity, its journal, and a lock against a second process.
final class StateDirectory: Sendable {
    let path: String
    /// The same across restarts.
    let gatewayID: String
    private let lock: OpenFile

    /// Creates what is missing; throws when another process has the directory. `lock` is the descriptor of its lock where
    /// that process gave it away: locks belong to open files, so there is no moment without (flock(2)).
    init(_ path: String, lock given: Int32? = nil) throws {
        self.path = path
        try Disk.makeDirectory(path)
        lock = if let given { OpenFile(adopting: given, path: "\(path)/lock") } else { try Self.locked(path) }
        gatewayID = try Self.identity("\(path)/gateway-id")
    }

    /// For the process that takes this one's place.
    var lockDescriptor: Int32 { lock.descriptor }

    private static func locked(_ path: String) throws -> OpenFile {
        do {
            return try OpenFile(locking: "\(path)/lock")
        } catch {
            throw error.errno == EWOULDBLOCK ? StateDirectoryInUse(path: path) : error as any Error
        }
    }

    private static func identity(_ path: String) throws(DiskFault) -> String {
        if let bytes = try? Disk.read(path, max: identityBytes), bytes.count == identityBytes {
            return String(decoding: bytes, as: UTF8.self)
        }
        let identity = SecureRandom.uuid()
        try Disk.remove(path)
        let file = try OpenFile(creating: path)
        try file.write(Array(identity.utf8), at: 0)
        try file.synchronize()
        return identity
    }

    /// Of a UUID's text.
    private static let identityBytes = 36
}
