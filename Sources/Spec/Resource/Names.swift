/// The grammar of names.
package enum Names {
    /// Unicode scalars of a name: what fits a DNS label, so that names may become host names.
    static let lengthMax = 63
    /// Model names carry those of providers, which are longer: `meta-llama/Llama-3.1-70B-Instruct:free`.
    static let modelLengthMax = 200

    static let hint =
        "names begin with a lower-case letter or digit and hold only those, `.`, `_` and `-`, at most \(lengthMax)"

    static let modelHint = "names of models hold letters, digits, `.`, `_`, `-`, `/` and `:`, at most \(modelLengthMax)"

    /// The grammars as ECMA-262 regular expressions, see `ShapeDescription.text`.
    static let resourcePattern = "[a-z0-9][a-z0-9._-]{0,\(lengthMax - 1)}"
    static let modelPattern = "[A-Za-z0-9][A-Za-z0-9._/:-]{0,\(modelLengthMax - 1)}"
    static let identifierPattern = "[A-Za-z0-9_-]{1,\(lengthMax)}"

    /// As `resourcePattern`.
    package static func isResourceName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= lengthMax else { return false }
        return isLowerOrDigit(first) && name.utf8.allSatisfy { isLowerOrDigit($0) || isJoint($0) }
    }

    /// The same, with upper-case letters, `/` and `:`.
    static func isModelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= modelLengthMax else { return false }
        return isLowerOrDigit(first | 0x20)
            && name.utf8.allSatisfy { isModelByte($0) }
    }

    /// A byte that names of models may hold.
    static func isModelByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || isJoint(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    /// A name inside a resource, such as a step's: letters, digits, `_` and `-`.
    static func isIdentifier(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= lengthMax
            && name.utf8.allSatisfy { isLowerOrDigit($0) || isUpper($0) || "-_".utf8.contains($0) }
    }

    static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || isUpper(byte) }

    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
