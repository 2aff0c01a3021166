internal import Glibc

/// A name and its value inside an object.
package struct JSONMember {
    /// The name's text with its quotes.
    package let nameRange: Range<Int>
    package let value: JSONValue

    /// From the name's opening quote to the value's last byte.
    package var range: Range<Int> { nameRange.lowerBound..<value.range.upperBound }

    /// The name unescaped.
    package var name: String { String(decoding: nameBytes, as: UTF8.self) }

    var nameBytes: [UInt8] { contents.unescaped() }

    private var contents: JSONStringContents { JSONStringContents(base: value.base, quoted: nameRange) }

    /// Whether the unescaped name is exactly these UTF-8 bytes.
    package func isNamed(_ name: String) -> Bool { contents.equals(name) }

    /// Whether the name is written without an escape, so that equal names are equal bytes.
    var hasPlainName: Bool { contents.isPlain }

    /// Whether the names are written with the same bytes.
    @inline(__always)
    func hasSameText(as other: JSONMember) -> Bool {
        guard nameRange.count == other.nameRange.count else { return false }
        return memcmp(contents.start, other.contents.start, contents.count) == 0
    }
}
