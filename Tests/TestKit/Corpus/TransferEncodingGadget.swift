/// A header line that one server takes for `Transfer-Encoding: chunked` and another may not.
package struct TransferEncodingGadget: Sendable {
    package let name: String
    /// Everything between the line before and the line behind, its own line end included.
    package let lines: [UInt8]

    private init(_ name: String, _ lines: [UInt8]) {
        self.name = name
        self.lines = lines
    }

    private init(_ name: String, _ lines: String) { self.init(name, [UInt8](lines.utf8)) }

    /// Whether the head ends within the gadget, so that what stands behind is the body, whoever reads it.
    package var endsHead: Bool { ([13, 10] + lines).firstRange(of: [13, 10, 13, 10]) != nil }

    /// Every mutation, over 2,700 of them, in families.
    package static let families: [(name: String, gadgets: [TransferEncodingGadget])] = [
        ("a byte at each seam", bytesAtSeams), ("a byte within the name", bytesWithin("Transfer-Encoding", isName: true)),
        ("a byte within the value", bytesWithin("chunked", isName: false)), ("a byte in place of another", replacedBytes),
        ("two bytes at a seam", pairsAtSeams), ("line ends", lineEnds), ("several codings", codings), ("spellings", spellings),
        ("two lines", twoLines),
    ]

    private static let name = [UInt8]("Transfer-Encoding".utf8)
    private static let value = [UInt8]("chunked".utf8)
    private static let end: [UInt8] = [13, 10]

    /// Controls, spaces of any encoding, and what the grammar gives a meaning.
    private static let special: [UInt8] = [UInt8](0x00...0x20) + [0x7f, 0x80, 0x85, 0xa0, 0xad, 0xc2, 0xe2, 0xef, 0xff]
        + [UInt8]("\"'(),/:;<=>?@[\\]{}_.-+*%#&|~^`!$0x".utf8)

    private static func shown(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let hex = String(byte, radix: 16)
            return hex.count < 2 ? "0" + hex : hex
        }.joined(separator: " ")
    }

    /// In front of the name, behind it, behind the colon, before the value, behind it.
    private static func atSeam(_ seam: Int, _ bytes: [UInt8]) -> [UInt8] {
        var parts: [[UInt8]] = [[], name, [], [0x3a], [], [0x20], [], value, [], end]
        parts[[0, 2, 4, 6, 8][seam]] = bytes
        return Array(parts.joined())
    }

    private static func atSeams(_ bytes: [UInt8]) -> [TransferEncodingGadget] {
        (0..<5).map { TransferEncodingGadget("\(shown(bytes)) at seam \($0)", atSeam($0, bytes)) }
    }

    private static let bytesAtSeams: [TransferEncodingGadget] = special.flatMap { atSeams([$0]) }

    private static let pairsAtSeams: [TransferEncodingGadget] = {
        let odd: [UInt8] = [0x00, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x3b, 0xa0]
        var all: [TransferEncodingGadget] = []
        for first in odd {
            for second in odd { all += atSeams([first, second]) }
        }
        return all
    }()

    private static func bytesWithin(_ word: String, isName: Bool) -> [TransferEncodingGadget] {
        let word = [UInt8](word.utf8)
        let odd: [UInt8] = [0x00, 0x08, 0x09, 0x0a, 0x0b, 0x0d, 0x20, 0x22, 0x2c, 0x3b, 0x5f, 0x7f, 0xa0, 0xff]
        var all: [TransferEncodingGadget] = []
        for place in 1..<word.count {
            for byte in odd {
                var changed = word
                changed.insert(byte, at: place)
                all.append(TransferEncodingGadget("\(shown([byte])) at \(place)", line(isName ? changed : name, isName ? value : changed)))
            }
        }
        return all
    }

    private static func line(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] { name + [0x3a, 0x20] + value + end }

    private static func replaced(_ what: String, _ place: Int, _ count: Int, by byte: UInt8) -> TransferEncodingGadget {
        var bytes = line(name, value)
        bytes.replaceSubrange(place..<(place + count), with: [byte])
        return TransferEncodingGadget("\(shown([byte])) for \(what)", bytes)
    }

    private static let replacedBytes: [TransferEncodingGadget] = special.flatMap { byte -> [TransferEncodingGadget] in
        let colon = name.count
        return [
            replaced("the hyphen", 8, 1, by: byte), replaced("the colon", colon, 1, by: byte),
            replaced("the space", colon + 1, 1, by: byte), replaced("colon and space", colon, 2, by: byte),
            replaced("the last letter", colon + 1 + value.count, 1, by: byte),
        ]
    }

    private static let lineEnds: [TransferEncodingGadget] = {
        let line = "Transfer-Encoding: chunked"
        let ends = ["\n", "\r", "\r\r\n", "\n\r", "\n\n", "\r\n\r", "\r\n ", "\r\n\t", "\u{0}\r\n", "\u{b}\r\n", " \r\n", "\t\r\n", "\u{85}\r\n", "\u{2028}\r\n"]
        var all = ends.map { TransferEncodingGadget("ended by \(shown([UInt8]($0.utf8)))", line + $0) }
        for fold in ["\r\n ", "\r\n\t", "\n ", "\r ", "\r\n\r\n ", "\r\n  \r\n ", " \r\n ", "\u{0}\r\n "] {
            let name = shown([UInt8](fold.utf8))
            all.append(TransferEncodingGadget("value behind \(name)", "Transfer-Encoding:\(fold)chunked\r\n"))
            all.append(TransferEncodingGadget("colon behind \(name)", "Transfer-Encoding\(fold): chunked\r\n"))
            all.append(TransferEncodingGadget("value cut by \(name)", "Transfer-Encoding: chu\(fold)nked\r\n"))
            all.append(TransferEncodingGadget("name cut by \(name)", "Transfer-\(fold)Encoding: chunked\r\n"))
            all.append(TransferEncodingGadget("in another's value behind \(name)", "X: y\(fold)Transfer-Encoding: chunked\r\n"))
            all.append(TransferEncodingGadget("more of it behind \(name)", "Transfer-Encoding: chunked\(fold), identity\r\n"))
        }
        return all
    }()

    private static let codings: [TransferEncodingGadget] = {
        let words = ["chunked", "identity", "gzip", "cow", "", "\"chunked\"", "chunked;q=0", "chunked;a=\"b\"", "x-chunked"]
        let joints = [",", ", ", " ,", ",,", " ", ";", "\t", ",\t", " , ,"]
        var all: [TransferEncodingGadget] = []
        for first in words {
            for second in words {
                for joint in joints {
                    let list = first + joint + second
                    all.append(TransferEncodingGadget(list, "Transfer-Encoding: " + list + "\r\n"))
                }
            }
        }
        return all
    }()

    private static let spellings: [TransferEncodingGadget] = [
        "transfer-encoding: chunked", "TRANSFER-ENCODING: CHUNKED", "tRANSFER-eNCODING: cHUNKED", "Transfer-Encoding: Chunked",
        "Transfer-Encoding:chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding:  chunked  ", "Transfer_Encoding: chunked",
        "TRANSFER_ENCODING: chunked", "Transfer--Encoding: chunked", "TransferEncoding: chunked", "Transfer Encoding: chunked",
        "Transfer-Encodıng: chunked", "Transfer-Encoding: chunﬀked", "Transfer-Encoding: chunKed", "Тransfer-Encoding: chunked",
        "Transfer-Encoding: =?utf-8?q?chunked?=", "Transfer-Encoding: %63hunked", "Transfer-Encoding%3a chunked", "\u{feff}Transfer-Encoding: chunked",
        "Transfer-Encoding\u{2010}: chunked", "X-Transfer-Encoding: chunked", "Transfer-Encoding-X: chunked", "TE: chunked",
        "Content-Encoding: chunked", "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTE: chunked",
        "Trailer: Transfer-Encoding", "Upgrade: chunked", "Foo: bar\r\n\r\nTransfer-Encoding: chunked",
    ].map { TransferEncodingGadget($0, $0 + "\r\n") }

    private static let twoLines: [TransferEncodingGadget] = {
        let values = ["chunked", "identity", "cow", "", "chunked, identity", "\u{b}chunked", "CHUNKED"]
        var all: [TransferEncodingGadget] = []
        for first in values {
            for second in values {
                for between in ["", "X: y\r\n"] {
                    let lines = "Transfer-Encoding: " + first + "\r\n" + between + "Transfer-Encoding: " + second + "\r\n"
                    all.append(TransferEncodingGadget(first + " and " + second, lines))
                }
            }
        }
        return all
    }()
}
