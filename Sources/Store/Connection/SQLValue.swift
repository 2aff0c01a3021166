package import Crypto
package import Spec

/// A parameter of a statement, in PostgreSQL's text form; nil is NULL.
package struct SQLValue: Sendable {
    let text: String?

    private init(_ text: String?) { self.text = text }

    package static let null = SQLValue(nil)
    package static func text(_ value: String?) -> SQLValue { SQLValue(value) }
    package static func integer(_ value: Int64?) -> SQLValue { SQLValue(value.map { String($0) }) }
    package static func boolean(_ value: Bool) -> SQLValue { SQLValue(value ? "t" : "f") }
    package static func digest(_ value: SHA256Digest?) -> SQLValue { SQLValue(value.map { "\\x" + $0.hex }) }
    package static func instant(_ value: Instant?) -> SQLValue { SQLValue(value.map(SQLInstant.text)) }

    package static func texts(_ values: some Sequence<String?>) -> SQLValue {
        SQLValue(array(values.lazy.map { $0.map(quoted) }))
    }

    package static func integers(_ values: some Sequence<Int64>) -> SQLValue {
        SQLValue(array(values.lazy.map { String($0) }))
    }

    package static func digests(_ values: some Sequence<SHA256Digest>) -> SQLValue {
        SQLValue(array(values.lazy.map { "\"\\\\x" + $0.hex + "\"" }))
    }

    package static func instants(_ values: some Sequence<Instant?>) -> SQLValue {
        SQLValue(array(values.lazy.map { $0.map { "\"" + SQLInstant.text($0) + "\"" } }))
    }

    package static func booleans(_ values: some Sequence<Bool>) -> SQLValue {
        SQLValue(array(values.lazy.map { $0 ? "t" : "f" }))
    }

    /// An array's text form (PostgreSQL manual, 8.15.2).
    private static func array(_ elements: some Sequence<String?>) -> String {
        var text = "{"
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            text += element ?? "NULL"
        }
        return text + "}"
    }

    private static func quoted(_ element: String) -> String {
        guard element.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return "\"" + element + "\""
        }
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        bytes.reserveCapacity(element.utf8.count + 2)
        for byte in element.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
