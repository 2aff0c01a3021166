internal import CLibGit2

/// The name of a Git object: 40 lower-case hexadecimal digits.
package struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    package let hex: String

    /// Nil unless `hex` has the form of an object's full name.
    package init?(hex: String) {
        let digits = hex.utf8
        guard digits.count == 40, digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    /// Names no object.
    package static let zero = ObjectID(unchecked: String(repeating: "0", count: 40))

    /// Of a folder without entries, which every repository has without holding it.
    static let emptyTree = ObjectID(unchecked: "4b825dc642cb6eb9a060e54bf8d69288fbee4904")

    private init(unchecked hex: String) { self.hex = hex }

    init(_ oid: UnsafePointer<git_oid>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(40)
        withUnsafeBytes(of: oid.pointee.id) { bytes in
            for byte in bytes {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        hex = String(decoding: text, as: UTF8.self)
    }

    /// The first ten digits, as people read them.
    package var short: String { String(hex.prefix(10)) }
    package var description: String { hex }

    var oid: git_oid {
        var made = git_oid()
        _ = git_oid_fromstr(&made, hex)
        return made
    }
}
