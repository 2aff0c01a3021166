internal import Glibc
internal import HTTP

/// Writes one JSON object a line; never a prompt, never a key.
package struct Log: Sendable {
    private let descriptor: Int32

    /// Writes to a descriptor; to standard error unless told.
    package init(descriptor: Int32 = 2) { self.descriptor = descriptor }

    package func note(_ message: String, _ fields: [String: String] = [:]) { write("info", message, fields) }
    package func warning(_ message: String, _ fields: [String: String] = [:]) { write("warning", message, fields) }
    package func error(_ message: String, _ fields: [String: String] = [:]) { write("error", message, fields) }

    private func write(_ level: String, _ message: String, _ fields: [String: String]) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("time", WallClock.now.rfc3339)
        writer.member("level", level)
        writer.member("message", message)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
        writer.endObject()
        let line = writer.bytes + [UInt8(ascii: "\n")]
        _ = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
