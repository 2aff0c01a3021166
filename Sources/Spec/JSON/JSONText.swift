/// Builds one compact text of JSON by appending bytes; the only writer of JSON below HTTP.
package struct JSONText: Sendable {
    /// Which characters of a string are escaped beyond those that must be (RFC 8259 §7).
    package enum Escapes: Sendable {
        /// None: the canonical form.
        case fewest
        /// What a terminal would obey or an editor take for the end of a line.
        case printable
    }

    package private(set) var bytes: [UInt8] = []
    private let escapes: Escapes
    private var needsComma = false

    package init(_ escapes: Escapes = .fewest, capacity: Int = 1024) {
        self.escapes = escapes
        bytes.reserveCapacity(capacity)
    }

    package var json: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Values

    package mutating func object(_ members: (inout JSONText) -> Void) { enclosed("{", "}", members) }

    package mutating func array(_ elements: (inout JSONText) -> Void) { enclosed("[", "]", elements) }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    package mutating func integer(_ number: Int64) {
        separate()
        DecimalText.append(number, to: &bytes)
    }

    package mutating func boolean(_ flag: Bool) { raw(flag ? "true" : "false") }

    package mutating func null() { raw("null") }

    /// A value that is JSON already.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    // MARK: Members

    /// The name of a member; its value is what is written next.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func object(_ name: String, _ members: (inout JSONText) -> Void) {
        self.name(name)
        object(members)
    }

    package mutating func array(_ name: String, _ elements: (inout JSONText) -> Void) {
        self.name(name)
        array(elements)
    }

    package mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    package mutating func member(_ name: String, _ text: String?) {
        if let text { member(name, text) }
    }

    package mutating func member(_ name: String, _ number: Int64) {
        self.name(name)
        integer(number)
    }

    /// A member whose text is joined from a path and a line; 0 stands for no line.
    package mutating func member(_ name: String, path: String, line: Int32) {
        self.name(name)
        separate()
        bytes.append(Self.quotationMark)
        escape(path)
        if line > 0 {
            bytes.append(UInt8(ascii: ":"))
            DecimalText.append(Int64(line), to: &bytes)
        }
        bytes.append(Self.quotationMark)
    }

    /// Members rendered before, without their braces.
    package mutating func splice(_ members: [UInt8]) {
        guard !members.isEmpty else { return }
        separate()
        bytes.append(contentsOf: members)
    }

    // MARK: Bytes

    private mutating func enclosed(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONText) -> Void
    ) {
        begin(open)
        content(&self)
        end(close)
    }

    /// Opens a bracket, for whoever cannot write what it holds in one closure; balance is the caller's.
    package mutating func begin(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    package mutating func end(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(Self.quotationMark)
        escape(text)
        bytes.append(Self.quotationMark)
    }

    private static let quotationMark = UInt8(ascii: "\"")
}

extension JSONText {
    private mutating func escape(_ text: String) {
        // Almost no text needs it, and a whole one is copied faster than its bytes one by one.
        guard needsEscape(text) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case "\0"..<" ": escape(scalar)
            case "\u{7f}", "\u{2028}", "\u{2029}": if escapes == .printable { escape(scalar) } else { append(scalar) }
            default: append(scalar)
            }
        }
    }

    /// Looks at every byte without a branch in the loop, so that the compiler takes many bytes a step.
    private func needsEscape(_ text: String) -> Bool {
        let bytes = text.utf8.span
        var found: UInt8 = 0
        switch escapes {
        case .fewest: for index in bytes.indices { found |= Self.isPlain(bytes[index]) ? 0 : 1 }
        case .printable: for index in bytes.indices { found |= Self.isPrintable(bytes[index]) ? 0 : 1 }
        }
        return found != 0
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != quotationMark && byte != UInt8(ascii: "\\")
    }

    /// Also of a byte that may begin what is escaped to be printable.
    private static func isPrintable(_ byte: UInt8) -> Bool {
        isPlain(byte) && byte != 0x7F && byte != lineSeparatorLead
    }

    private mutating func append(_ scalar: Unicode.Scalar) { bytes.append(contentsOf: String(scalar).utf8) }

    /// By its number, in four digits.
    private mutating func escape(_ scalar: Unicode.Scalar) {
        let digits = String(scalar.value, radix: 16).leftPadded(to: 4)
        bytes.append(contentsOf: ("\\u" + digits).utf8)
    }

    /// The first byte in UTF-8 of U+2028 and U+2029.
    private static let lineSeparatorLead: UInt8 = 0xE2
}
