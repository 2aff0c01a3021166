internal import Glibc

/// Accounts of this machine.
enum Account {
    static var ownUser: UInt32 { geteuid() }

    /// By the number when it has no name (getpwuid_r(3)).
    static func name(of user: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: bufferBytes)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, let name = found?.pointee.pw_name else { return "\(user)" }
        return String(cString: name)
    }

    /// Of one line of the accounts, whatever directory they come from.
    private static let bufferBytes = 16 << 10
}
