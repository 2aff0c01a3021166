internal import HTTP

/// The id by which a client knows its request.
enum RequestIdentity {
    /// Long enough for any tracing system's id.
    private static let bytesMax = 128

    /// The client's own `x-request-id` if it is harmless in logs and headers.
    static func requestID(_ headers: Headers) -> String? {
        headers.withValue("x-request-id") { value in
            guard !value.isEmpty, value.count <= bytesMax, value.allSatisfy(isHarmless) else { return nil }
            return String(decoding: value, as: UTF8.self)
        } ?? nil
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
