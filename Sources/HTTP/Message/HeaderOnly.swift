/// The fields that have a meaning in front of a body alone: those that frame it, say what it is, where it goes and who sends
/// it (RFC 9110 §6.5.1). A trailer of such a name is meant for a server that merges trailers into headers.
enum HeaderOnly {
    static func contains(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2: name.equalsIgnoringCase("te")
        case 4: name.equalsIgnoringCase("host")
        case 5: name.equalsIgnoringCase("range")
        case 6: name.equalsIgnoringCase("cookie") || name.equalsIgnoringCase("expect")
        case 7: name.equalsIgnoringCase("trailer") || name.equalsIgnoringCase("upgrade") || name.equalsIgnoringCase("api-key")
        case 9: name.equalsIgnoringCase("forwarded") || name.equalsIgnoringCase("x-api-key")
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("set-cookie")
        case 12: name.equalsIgnoringCase("content-type") || name.equalsIgnoringCase("max-forwards")
        case 13: name.equalsIgnoringCase("authorization") || name.equalsIgnoringCase("cache-control") || name.equalsIgnoringCase("content-range")
        case 14: name.readsAs("content-length") || name.equalsIgnoringCase("x-goog-api-key")
        case 16: name.equalsIgnoringCase("content-encoding")
        case 17: name.readsAs("transfer-encoding")
        case 19: name.equalsIgnoringCase("proxy-authorization")
        default: name.count > 12 && name.slice(0..<12).equalsIgnoringCase("x-forwarded-")
        }
    }
}
