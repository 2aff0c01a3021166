/// Appends compact JSON to a buffer; commas are its business, balance is the caller's.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Takes over a buffer and appends to it.
    package init(appendingTo buffer: consuming [UInt8]) { bytes = buffer }

    package mutating func beginObject() { open(JSONByte.openObject) }
    package mutating func endObject() { close(JSONByte.closeObject) }
    package mutating func beginArray() { open(JSONByte.openArray) }
    package mutating func endArray() { close(JSONByte.closeArray) }

    package mutating func name(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(JSONByte.colon)
        needsComma = false
    }

    package mutating func string(_ value: String) {
        separate()
        appendQuoted(value)
    }

    package mutating func int(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func null() { raw("null") }

    /// The shortest decimal that reads back as the same value; null for what JSON cannot say.
    package mutating func float(_ value: Float) {
        if value.isFinite { raw(value.description) } else { null() }
    }

    package mutating func double(_ value: Double) {
        if value.isFinite { raw(value.description) } else { null() }
    }

    /// A value that is JSON already.
    package mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func raw(_ text: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    package mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: some BinaryInteger) {
        self.name(name)
        int(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// A string as JSON text with its quotes.
    package static func quoted(_ value: String) -> String {
        var writer = JSONWriter(capacity: value.utf8.count + 2)
        writer.string(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(JSONByte.comma) }
        needsComma = true
    }

    private mutating func appendQuoted(_ value: String) {
        bytes.append(JSONByte.quote)
        var value = value
        value.withUTF8 { text in
            // Almost no text needs an escape, and a whole one is copied faster than its bytes one by one.
            if text.contains(where: Self.needsEscape) {
                for byte in text { appendEscaped(byte) }
            } else {
                bytes.append(contentsOf: text)
            }
        }
        bytes.append(JSONByte.quote)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == JSONByte.quote || byte == JSONByte.backslash
    }

    @inline(__always)
    private mutating func appendEscaped(_ byte: UInt8) {
        if !Self.needsEscape(byte) {
            bytes.append(byte)
            return
        }
        bytes.append(JSONByte.backslash)
        switch byte {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            let low = byte & 0xF
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: bytes.append(byte)
        }
    }
}
