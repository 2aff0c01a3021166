internal import Spec

/// What people call a resource, such as "My AI Application", and the name that it is declared under: `my-ai-application`; a value.
struct ResourceTitle: Hashable {
    let text: String
    let name: String

    /// Of a body's field. Throws where no name can be made of it.
    init(_ text: String?, field: String) throws(Problem) {
        let text = text ?? ""
        guard text.utf8.count <= Self.bytesMax else { throw Problem(.invalidBody, "\(field) has more than \(Self.bytesMax) bytes") }
        let words = text.utf8.split { !Self.isNameByte($0) }.map { String(decoding: $0.map(Self.lowered), as: UTF8.self) }
        let joined = words.joined(separator: "-").utf8.prefix(Self.nameBytesMax)
        let name = String(decoding: joined, as: UTF8.self)
        guard Names.isResourceName(name) else { throw Problem(.invalidBody, "\(field) holds no letter of ASCII and no digit, of which its name is made") }
        (self.text, self.name) = (text, name)
    }

    /// Nil where the name says the same.
    var described: String? { text == name ? nil : text }

    private static let bytesMax = 200
    private static let nameBytesMax = 63

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
