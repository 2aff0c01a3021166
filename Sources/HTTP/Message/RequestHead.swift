/// The head of a request as it came, without the fields of the connection.
package struct RequestHead: Sendable {
    package let method: Method
    package var headers: Headers
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    package let minorVersion: Int
    /// Whether the request names the pages that send it (RFC 6454 §7).
    package let hasOrigin: Bool

    private let targetRange: Range<Int>
    private let pathRange: Range<Int>

    init(method: Method, headers: Headers, minorVersion: Int, hasOrigin: Bool, target: Range<Int>, path: Range<Int>) {
        self.method = method
        self.headers = headers
        self.minorVersion = minorVersion
        self.hasOrigin = hasOrigin
        targetRange = target
        pathRange = path
    }

    package var isHead: Bool { method == .head }

    /// Path and query as they came: nothing decoded, no dot segment resolved. `*` for `OPTIONS *`.
    package var target: String { text(targetRange) }

    /// The target up to its `?`, as it came. What is routed on must also be what is authorized on.
    package var path: String { text(pathRange) }

    /// What follows the target's first `?`; nil when there is none.
    package var query: String? {
        pathRange.upperBound < targetRange.upperBound ? text(pathRange.upperBound + 1..<targetRange.upperBound) : nil
    }

    private func text(_ range: Range<Int>) -> String {
        range.isEmpty ? "/" : headers.bytes.withUnsafeBytes { String(decoding: $0.slice(range), as: UTF8.self) }
    }
}
