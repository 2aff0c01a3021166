/// The path of a route, such as `/v1/admin/orgs/{org}/keys`; a value.
package struct PathTemplate: Hashable, Sendable {
    package let text: String
    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case word(String)
        case name(String)
    }

    init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            part.hasPrefix("{") ? .name(String(part.dropFirst().dropLast())) : .word(String(part))
        }
    }

    var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

    /// Whether a path has the words where they belong, whatever stands in the places of names.
    func covers(_ path: String) -> Bool {
        let given = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return path.hasPrefix("/") && given.count == parts.count && zip(parts, given).allSatisfy { part, text in
            if case .word(let word) = part { text == word } else { true }
        }
    }

    /// What stands for the names in a path; nil where it is another path. Escapes are resolved part by part, so that an escaped
    /// slash divides nothing.
    func match(_ path: String) -> [String: String]? {
        let given = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard path.hasPrefix("/"), given.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, text) in zip(parts, given) {
            switch part {
            case .word(let word): guard text == word else { return nil }
            case .name(let name):
                guard let value = PercentText.decoded(text), !value.isEmpty else { return nil }
                values[name] = value
            }
        }
        return values
    }
}

/// Text with `%41` for `A` (RFC 3986 §2.1).
enum PercentText {
    /// Nil where an escape is cut short, or what it makes is no UTF-8 or holds a zero, which PostgreSQL's text cannot.
    static func decoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+"), plusIsSpace {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
