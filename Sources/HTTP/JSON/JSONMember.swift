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

    func hasSameName(as other: JSONMember) -> Bool {
        let mine = contents
        let theirs = other.contents
        if mine.isPlain && theirs.isPlain {
            return mine.count == theirs.count && memcmp(mine.start, theirs.start, mine.count) == 0
        }
        return mine.unescaped() == theirs.unescaped()
    }
}
