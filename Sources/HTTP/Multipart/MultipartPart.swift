/// One part of a form.
package struct MultipartPart: Equatable, Sendable {
    package let name: String
    /// Whether it has a file's name.
    package let isFile: Bool
    /// Where its content stands in the form.
    package let content: Range<Int>

    /// Longest head of a part, names of files included.
    private static let headBytesMax = 4096
    private static let fieldsMax = 16

    /// Reads the fields that begin at `start`; the content begins behind their empty line and ends at `end`.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) throws(MultipartError) {
        var position = start
        var disposition: Disposition?
        var count = 0
        while true {
            let line = try Self.line(bytes, &position, from: start, to: end)
            if line.isEmpty { break }
            count += 1
            guard count <= Self.fieldsMax else { throw MultipartError(reason: .headTooLarge, offset: line.lowerBound) }
            let (name, value) = try Self.field(bytes, line)
            if name.equalsIgnoringCase("content-disposition") {
                guard disposition == nil else { throw MultipartError(reason: .noDisposition, offset: line.lowerBound) }
                disposition = try Disposition(value, at: line.lowerBound)
            } else if name.equalsIgnoringCase("content-transfer-encoding"), !Self.isPlain(value) {
                throw MultipartError(reason: .encoded, offset: line.lowerBound)
            }
        }
        guard let disposition else { throw MultipartError(reason: .noDisposition, offset: start) }
        name = disposition.name
        isFile = disposition.isFile
        content = position..<end
    }

    /// A line without its end, behind which `position` stands then.
    private static func line(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, from start: Int, to end: Int
    ) throws(MultipartError) -> Range<Int> {
        let first = position
        while position < end, bytes[position] != Bytes.carriageReturn {
            guard Bytes.isFieldContent(bytes[position]) else { throw MultipartError(reason: .badField, offset: position) }
            position += 1
            guard position - start <= headBytesMax else { throw MultipartError(reason: .headTooLarge, offset: position) }
        }
        guard position + 1 < end, bytes[position + 1] == Bytes.lineFeed else { throw MultipartError(reason: .badField, offset: position) }
        defer { position += 2 }
        return first..<position
    }

    /// A folded line begins with a space, which no name does.
    private static func field(
        _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>
    ) throws(MultipartError) -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let text = bytes.slice(line)
        guard let colon = text.firstIndex(of: Bytes.colon), colon > 0, text[..<colon].allSatisfy(Bytes.isToken) else {
            throw MultipartError(reason: .badField, offset: line.lowerBound)
        }
        return (text.slice(0..<colon), text.slice(from: colon + 1).trimmed)
    }

    /// Encodings that change nothing (RFC 7578 §4.7 has no others in use).
    private static func isPlain(_ encoding: UnsafeRawBufferPointer) -> Bool {
        encoding.equalsIgnoringCase("binary") || encoding.equalsIgnoringCase("8bit") || encoding.equalsIgnoringCase("7bit")
    }

    private struct Disposition {
        var name: String
        var isFile = false

        init(_ value: UnsafeRawBufferPointer, at offset: Int) throws(MultipartError) {
            var parameters = FieldParameters(value)
            guard let type = parameters.takeValue(), type.equalsIgnoringCase("form-data") else {
                throw MultipartError(reason: .noDisposition, offset: offset)
            }
            var found: String?
            while let parameter = parameters.next() {
                if parameter.name.equalsIgnoringCase("name") {
                    guard found == nil, let name = String(validating: parameter.value, as: UTF8.self), !name.isEmpty else {
                        throw MultipartError(reason: .badName, offset: offset)
                    }
                    found = name
                } else if parameter.name.equalsIgnoringCase("name*") {
                    // Readers differ on which of the two counts (RFC 7578 §4.2 has none with a star).
                    throw MultipartError(reason: .badName, offset: offset)
                } else if parameter.name.equalsIgnoringCase("filename") || parameter.name.equalsIgnoringCase("filename*") {
                    isFile = true
                }
            }
            guard parameters.isWhole, let found else { throw MultipartError(reason: .badName, offset: offset) }
            name = found
        }
    }
}
