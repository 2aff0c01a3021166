/// A value of the canonical form, and its only writer: keys sorted, no spaces, the fewest escapes.
enum CanonicalJSON: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case list([CanonicalJSON])
    /// Fields in any order; the writer sorts them by their UTF-8 bytes.
    case object([Field])

    struct Field: Hashable, Sendable {
        var name: String
        var value: CanonicalJSON

        init(_ name: String, _ value: CanonicalJSON) {
            self.name = name
            self.value = value
        }
    }

    var isEmptyObject: Bool {
        if case .object(let fields) = self { fields.isEmpty } else { false }
    }

    var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .string(let string): CanonicalJSON.write(string, to: &bytes)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .list(let items):
            CanonicalJSON.write(items, between: "[", and: "]", to: &bytes) { $0.write(to: &$1) }
        case .object(let fields):
            let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            CanonicalJSON.write(sorted, between: "{", and: "}", to: &bytes) { field, bytes in
                CanonicalJSON.write(field.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.write(to: &bytes)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between open: Unicode.Scalar, and close: Unicode.Scalar, to bytes: inout [UInt8],
        each: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            each(element, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    /// RFC 8259, section 7: only the quote, the backslash and control characters are escaped.
    private static func write(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20: bytes.append(contentsOf: ("\\u" + String(byte, radix: 16).leftPadded(to: 4)).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
