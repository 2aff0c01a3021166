internal import Driver

@testable internal import HTTP

/// A form that is taken is put together again from its parts byte for byte but for their heads, and a plain reader that knows
/// nothing but delimiters takes it apart alike.
enum FormProperty {
    private static let delimiter = Array("--B".utf8)

    static func check(_ bytes: [UInt8]) {
        guard let boundary = MultipartBoundary(["content-type": "multipart/form-data; boundary=B"]) else {
            return Fuzzing.require(false, "a boundary")
        }
        bytes.withUnsafeBytes { form in
            guard let scan = try? MultipartScan(form, boundary) else { return }
            let plain = split(bytes)
            Fuzzing.require(plain.count == scan.parts.count + 2, "as many parts: \(bytes)")
            for (part, piece) in zip(scan.parts, plain.dropFirst()) {
                Fuzzing.require(piece.suffix(part.content.count + 2).elementsEqual(Array(form[part.content]) + [0x0d, 0x0a]), "the same content: \(bytes)")
                Fuzzing.require(piece.dropLast(part.content.count + 2).suffix(4) == [0x0d, 0x0a, 0x0d, 0x0a], "behind an empty line: \(bytes)")
                Fuzzing.require(!part.name.isEmpty, "a name: \(bytes)")
            }
            // One byte less at the end, and it is another form or none.
            let cut = Array(bytes.dropLast(3))
            Fuzzing.require((try? cut.withUnsafeBytes { try MultipartScan($0, boundary).parts.count }) == nil, "none without its end: \(bytes)")
        }
    }

    /// What stands before, between and behind all delimiters, wherever they are.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: delimiter) {
                pieces.append([])
                index += delimiter.count
            } else {
                pieces[pieces.count - 1].append(bytes[index])
                index += 1
            }
        }
        return pieces
    }
}
