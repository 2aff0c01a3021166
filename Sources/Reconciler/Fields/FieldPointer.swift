internal import Spec

/// A JSON pointer as people read it.
package enum FieldPointer {
    /// `/spec/models/gpt-4.1/prices/0` becomes `spec.models["gpt-4.1"].prices[0]`; the root is `(whole text)`.
    package static func readable(_ pointer: String) -> String {
        guard !pointer.isEmpty else { return "(whole text)" }
        var text = ""
        for token in JSONPointer.names(pointer) {
            if isNumber(token) {
                text += "[\(token)]"
            } else if !token.isEmpty, token.utf8.allSatisfy(isPlain) {
                text += (text.isEmpty ? "" : ".") + token
            } else {
                text += "[\(JSONTree.string(token).text)]"
            }
        }
        return text
    }

    static func isNumber(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.allSatisfy { (48...57).contains($0) }
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
