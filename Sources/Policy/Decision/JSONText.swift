/// Builds one compact JSON object by appending.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(_ name: StaticString? = nil, _ members: (inout JSONText) -> Void) {
        enclosed("{", "}", name, members)
    }

    mutating func array(_ name: StaticString, _ elements: (inout JSONText) -> Void) {
        enclosed("[", "]", name, elements)
    }

    mutating func member(_ name: StaticString, _ text: String) {
        begin(name)
        quote(text)
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        if let text { member(name, text) }
    }

    mutating func member(_ name: StaticString, _ number: Int64) {
        begin(name)
        append(number)
    }

    mutating func member(_ name: StaticString, _ flag: Bool) {
        begin(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func element(_ text: String) {
        begin(nil)
        quote(text)
    }

    /// A member whose text is joined from a path and a line.
    mutating func member(_ name: StaticString, path: String, line: Int32) {
        begin(name)
        bytes.append(Self.quotationMark)
        escape(path)
        bytes.append(UInt8(ascii: ":"))
        append(Int64(line))
        bytes.append(Self.quotationMark)
    }

    /// Members rendered before, without their braces.
    mutating func splice(_ members: [UInt8]) {
        guard !members.isEmpty else { return }
        begin(nil)
        bytes.append(contentsOf: members)
    }

    private mutating func enclosed(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ name: StaticString?, _ content: (inout JSONText) -> Void
    ) {
        begin(name)
        bytes.append(UInt8(ascii: open))
        needsComma = false
        content(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func begin(_ name: StaticString?) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        guard let name else { return }
        bytes.append(Self.quotationMark)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(Self.quotationMark)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var unit: UInt64 = 1
        while rest / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    private mutating func quote(_ text: String) {
        bytes.append(Self.quotationMark)
        escape(text)
        bytes.append(Self.quotationMark)
    }

    /// RFC 8259 section 7: quotation marks, backslashes and control characters.
    private mutating func escape(_ text: String) {
        // Almost no name needs it, and a whole text is copied faster than its bytes one by one.
        var text = text
        text.withUTF8 { escape($0) }
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        // Without a branch in the loop, so that the compiler takes many bytes a step.
        var escapes: UInt8 = 0
        for index in 0..<text.count { escapes |= Self.needsEscape(text[index]) ? 1 : 0 }
        guard escapes != 0 else {
            bytes.append(contentsOf: text)
            return
        }
        for byte in text {
            switch byte {
            case Self.quotationMark, UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == quotationMark || byte == UInt8(ascii: "\\")
    }

    private static let quotationMark = UInt8(ascii: "\"")
}
