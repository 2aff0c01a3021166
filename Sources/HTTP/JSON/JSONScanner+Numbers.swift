extension JSONScanner {
    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259 §6).
    mutating func scanNumber() throws(JSONError) {
        if base[position] == JSONByte.minus { position += 1 }
        if position < end && base[position] == JSONByte.zero {
            position += 1
        } else {
            try scanDigits()
        }
        if position < end && base[position] == UInt8(ascii: ".") {
            position += 1
            try scanDigits()
        }
        if position < end && base[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end && (base[position] == UInt8(ascii: "+") || base[position] == JSONByte.minus) {
                position += 1
            }
            try scanDigits()
        }
        if position < end && JSONByte.isDigit(base[position]) { throw JSONError(.invalidNumber, at: position) }
    }

    private mutating func scanDigits() throws(JSONError) {
        let start = position
        while position < end && JSONByte.isDigit(base[position]) { position += 1 }
        if position == start { throw JSONError(.invalidNumber, at: position) }
    }
}
