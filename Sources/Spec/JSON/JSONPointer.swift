/// The names on the way to a value, as RFC 6901 writes them.
package enum JSONPointer {
    /// A name as one step of a pointer, without the slash before it (RFC 6901 §3).
    package static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == tilde || $0 == slash }) else { return name }
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case tilde: bytes.append(contentsOf: "~0".utf8)
            case slash: bytes.append(contentsOf: "~1".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names that a pointer leads through; none for the root.
    package static func names(_ pointer: String) -> [String] {
        pointer.utf8.split(separator: slash, omittingEmptySubsequences: false).dropFirst().map(unescaped)
    }

    private static func unescaped(_ step: Substring.UTF8View) -> String {
        guard step.contains(tilde) else { return String(Substring(step)) }
        var bytes: [UInt8] = []
        var rest = step[...]
        while let byte = rest.popFirst() {
            guard byte == tilde else {
                bytes.append(byte)
                continue
            }
            bytes.append(rest.popFirst() == UInt8(ascii: "1") ? slash : tilde)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let tilde = UInt8(ascii: "~")
    private static let slash = UInt8(ascii: "/")
}
