/// The types of plain scalars: YAML 1.2, section 10.3.2, so `yes` and `on` are text.
enum CoreSchema {
    static func type(of text: String) -> Scalar.ScalarType {
        // Nearly every text begins with a letter that none of these has.
        if let first = text.utf8.first, isLetter(first), !"nNtTfF".utf8.contains(first) { return .string }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "false", "False", "FALSE": return .boolean
        default: return number(Array(text.utf8)) ?? .string
        }
    }

    private static func number(_ bytes: [UInt8]) -> Scalar.ScalarType? {
        guard let first = bytes.first, isDigit(first) || "+-.".utf8.contains(first) else { return nil }
        if bytes.starts(with: "0o".utf8) { return radix(bytes, isOctal) }
        if bytes.starts(with: "0x".utf8) { return radix(bytes, isHexadecimal) }
        return decimal(bytes)
    }

    private static func radix(_ bytes: [UInt8], _ isMember: (UInt8) -> Bool) -> Scalar.ScalarType? {
        bytes.count > 2 && bytes.dropFirst(2).allSatisfy(isMember) ? .integer : nil
    }

    private static func decimal(_ bytes: [UInt8]) -> Scalar.ScalarType? {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        if [".inf", ".Inf", ".INF"].contains(where: { rest.elementsEqual($0.utf8) }) { return .float }
        if [".nan", ".NaN", ".NAN"].contains(where: { bytes.elementsEqual($0.utf8) }) { return .float }
        let whole = takeDigits(&rest)
        if rest.isEmpty { return whole > 0 ? .integer : nil }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        return rest.isEmpty || isExponent(rest) ? .float : nil
    }

    private static func isExponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        return takeDigits(&rest) > 0 && rest.isEmpty
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let digits = rest.prefix(while: isDigit)
        rest = rest[digits.endIndex...]
        return digits.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isOctal(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
