/// Walks a text that a scanner has already found valid, so it only looks for where things end.
struct JSONCursor {
    let base: UnsafePointer<UInt8>
    let end: Int
    var position: Int

    /// Starts inside a container, behind its opening bracket, and knows its closing one as the end.
    init(inside container: JSONValue) {
        base = container.base
        end = container.range.upperBound - 1
        position = container.range.lowerBound + 1
    }

    /// Moves to the next value or name, over spaces and a comma or a colon.
    mutating func moveToNext() -> Bool {
        while position < end {
            let byte = base[position]
            if !JSONByte.isSpace(byte) && byte != JSONByte.comma && byte != JSONByte.colon { return true }
            position += 1
        }
        return false
    }

    mutating func nextValue() -> JSONValue? {
        guard moveToNext() else { return nil }
        let start = position
        let kind = JSONValue.Kind(firstByte: base[start])
        switch kind {
        case .string: skipString()
        case .object, .array: skipContainer()
        case .number, .bool, .null: skipScalar()
        }
        return JSONValue(base: base, range: start..<position, kind: kind)
    }

    mutating func nextMember() -> JSONMember? {
        guard let name = nextValue(), let value = nextValue() else { return nil }
        return JSONMember(nameRange: name.range, value: value)
    }

    private mutating func skipScalar() {
        while position < end {
            let byte = base[position]
            if byte == JSONByte.comma || JSONByte.isSpace(byte) { return }
            position += 1
        }
    }

    private mutating func skipString() {
        position += 1
        while position < end {
            moveToQuoteOrBackslash()
            if position >= end { return }
            if base[position] == JSONByte.quote {
                position += 1
                return
            }
            position += 2
        }
    }

    private mutating func moveToQuoteOrBackslash() {
        while position + 8 <= end {
            let word = ByteWord.load(base, at: position)
            let marks = ByteWord.matches(word, JSONByte.quote) | ByteWord.matches(word, JSONByte.backslash)
            if marks != 0 {
                position += ByteWord.lowest(marks)
                return
            }
            position += 8
        }
        while position < end && base[position] != JSONByte.quote && base[position] != JSONByte.backslash {
            position += 1
        }
    }

    private mutating func skipContainer() {
        var depth = 0
        while position < end {
            switch base[position] {
            case JSONByte.quote:
                skipString()
                continue
            case JSONByte.openObject, JSONByte.openArray: depth += 1
            case JSONByte.closeObject, JSONByte.closeArray: depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return }
        }
    }
}
