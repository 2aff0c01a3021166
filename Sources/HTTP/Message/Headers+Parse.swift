extension Headers {
    /// Parses the field lines of a head between `start` and its empty line. `bytes` is the whole head.
    static func parseFields(
        _ bytes: UnsafeRawBufferPointer, from start: Int, countMax: Int
    ) throws(MessageFault) -> [Field] {
        var fields: [Field] = []
        fields.reserveCapacity(16)
        var position = start
        while bytes[position] != Bytes.carriageReturn || bytes[position + 1] != Bytes.lineFeed {
            if fields.count == countMax { throw .headTooLarge }
            fields.append(try parseField(bytes, &position))
        }
        return fields
    }

    private static func parseField(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MessageFault) -> Field {
        let nameStart = position
        while Bytes.isToken(bytes[position]) { position += 1 }
        let nameEnd = position
        guard bytes[position] == Bytes.colon, nameEnd > nameStart else { throw nameFault(bytes, nameStart, position) }
        position += 1
        while bytes[position] == Bytes.space || bytes[position] == Bytes.tab { position += 1 }
        let valueStart = position
        while Bytes.isFieldContent(bytes[position]) { position += 1 }
        guard bytes[position] == Bytes.carriageReturn, bytes[position + 1] == Bytes.lineFeed else {
            throw .badRequest("A header value holds a control character.")
        }
        var valueEnd = position
        while valueEnd > valueStart, bytes[valueEnd - 1] == Bytes.space || bytes[valueEnd - 1] == Bytes.tab {
            valueEnd -= 1
        }
        position += 2
        return Field(
            nameStart: UInt32(truncatingIfNeeded: nameStart), nameCount: UInt32(truncatingIfNeeded: nameEnd - nameStart),
            valueStart: UInt32(truncatingIfNeeded: valueStart),
            valueCount: UInt32(truncatingIfNeeded: valueEnd - valueStart))
    }

    private static func nameFault(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ position: Int) -> MessageFault {
        let first = bytes[start]
        if first == Bytes.space || first == Bytes.tab { return .badRequest("A header line is folded.") }
        if position == start { return .badRequest("A header name is empty or holds an illegal character.") }
        return .badRequest("A header name holds an illegal character.")
    }
}
