/// Which words may occur in each of many files: a Bloom filter for each file, built in one walk over its bytes.
///
/// A word is a run of ASCII letters and digits, whatever their case. The answer "no" is certain.
struct WordFilter: Sendable {
    /// Bits for one file: one of thirty lines has some hundred words and sets a twentieth of them, one of three hundred a fifth. With
    /// three bits for a word the latter holds one word in a hundred that it has not; each costs a walk over the file.
    private static let bitsPerFile: UInt64 = 4096
    private static let cellsPerFile = Int(bitsPerFile / 64)

    private var cells: [UInt64] = []
    /// Files whose text may say what its bytes do not show.
    private(set) var opaque: [Bool] = []

    init() {}

    /// One file's.
    init(_ bytes: [UInt8]) {
        cells = Array(repeating: 0, count: Self.cellsPerFile)
        var hash = WordHash()
        var isOpaque = false
        var previous: UInt8 = 0
        for byte in bytes {
            let folded = WordHash.folded[Int(byte)]
            if folded != 0 {
                hash.mix(folded)
            } else if !hash.isEmpty {
                mark(hash.value)
                hash = WordHash()
            }
            if previous == UInt8(ascii: "\\") { isOpaque = isOpaque || Self.hides(byte) }
            previous = byte
        }
        if !hash.isEmpty { mark(hash.value) }
        opaque = [isOpaque]
    }

    var count: Int { opaque.count }

    /// Indexes of the opaque ones.
    var opaqueFiles: [Int] { opaque.enumerated().filter(\.element).map(\.offset) }

    /// Puts one file's at the index, in the place of the one there or before it.
    mutating func put(_ one: WordFilter, at index: Int, replacing: Bool) {
        let start = index * Self.cellsPerFile
        let end = replacing ? index + 1 : index
        cells.replaceSubrange(start..<end * Self.cellsPerFile, with: one.cells)
        opaque.replaceSubrange(index..<end, with: one.opaque)
    }

    mutating func remove(at index: Int) {
        cells.removeSubrange(index * Self.cellsPerFile..<(index + 1) * Self.cellsPerFile)
        opaque.remove(at: index)
    }

    mutating func append(_ other: WordFilter) {
        cells += other.cells
        opaque += other.opaque
    }

    /// Whether every one of the words may occur in the file.
    func mayHold(_ words: WordList, in file: Int) -> Bool {
        let start = file * Self.cellsPerFile
        for hash in words.hashes {
            let (first, second, third) = Self.bits(of: hash)
            guard cells[start + first.cell] & first.mask != 0, cells[start + second.cell] & second.mask != 0,
                cells[start + third.cell] & third.mask != 0
            else { return false }
        }
        return true
    }

    private mutating func mark(_ hash: UInt64) {
        let (first, second, third) = Self.bits(of: hash)
        cells[first.cell] |= first.mask
        cells[second.cell] |= second.mask
        cells[third.cell] |= third.mask
    }

    private struct Bit {
        var cell: Int
        var mask: UInt64

        init(_ number: UInt64) {
            cell = Int(number / 64)
            mask = 1 << (number % 64)
        }
    }

    private static func bits(of hash: UInt64) -> (Bit, Bit, Bit) {
        (Bit(hash % bitsPerFile), Bit((hash >> 20) % bitsPerFile), Bit((hash >> 40) % bitsPerFile))
    }

    /// Behind a backslash: what double quotes turn into another character, or into none (YAML 1.2, section 5.7).
    private static func hides(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "/"), 0x0A, 0x0D: true
        default: false
        }
    }
}

/// The words of a name, as a `WordFilter` asks for them.
struct WordList: Sendable {
    private(set) var hashes: [UInt64] = []

    init(_ name: some StringProtocol) {
        var hash = WordHash()
        for byte in name.utf8 {
            let folded = WordHash.folded[Int(byte)]
            if folded != 0 {
                hash.mix(folded)
            } else if !hash.isEmpty {
                hashes.append(hash.value)
                hash = WordHash()
            }
        }
        if !hash.isEmpty { hashes.append(hash.value) }
    }
}

/// FNV-1a of 64 bits with its high half mixed in, over folded bytes.
struct WordHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var isEmpty = true

    mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        isEmpty = false
    }

    var value: UInt64 { (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9 }

    /// Each letter and digit in lower case; 0 for every other byte.
    static let folded: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
        default: 0
        }
    }
}
