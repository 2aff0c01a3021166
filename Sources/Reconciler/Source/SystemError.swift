internal import Glibc

/// An error number of the operating system.
package struct SystemError: Error, Sendable, CustomStringConvertible {
    package var action: String
    package var code: Int32

    init(_ action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    package var description: String { "cannot \(action): \(Self.text(of: code))" }

    /// What the C library calls an error number; safe on any thread, which strerror(3) is not.
    static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
