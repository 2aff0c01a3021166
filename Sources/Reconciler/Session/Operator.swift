internal import Glibc

/// Whoever runs a command: the account of this process and its host, as the audit names them.
package enum Operator {
    package static var name: String { "\(account)@\(host)" }

    static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// By the number when it has no name (getpwuid(3)); environment variables say whatever they are told to.
    package static var account: String {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "\(getuid())" }
        return String(cString: name)
    }
}
