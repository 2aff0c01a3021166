internal import COpenSSL

/// Why TLS failed, in OpenSSL's words.
package struct TLSError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    /// Takes what the failed `call` left in the thread's queue of errors.
    init(_ call: StaticString) {
        let reason = Self.takeReason()
        description = reason.isEmpty ? "\(call) failed" : reason
    }

    /// A file that cannot be opened.
    init(file path: String) { description = "\(path): \(Self.takeReason())" }

    init(text: String) { description = text }

    private static func takeReason() -> String {
        var reason = ""
        while true {
            let code = ERR_get_error()
            if code == 0 { return reason }
            if reason.isEmpty, let text = ERR_reason_error_string(code) { reason = String(cString: text) }
        }
    }
}

/// The gate of OpenSSL's calls that answer 1 for success.
func openssl(_ call: StaticString, _ body: () -> Int32) throws(TLSError) {
    ERR_clear_error()
    if body() != 1 { throw TLSError(call) }
}
