/// Reads the data types of SSH (RFC 4251 section 5) from untrusted bytes; nothing is skipped and nothing guessed.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(Array(bytes)) }

    mutating func byte() throws(SSHProblem) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .truncated }
        return byte
    }

    mutating func bytes(_ count: Int) throws(SSHProblem) -> [UInt8] {
        guard count <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func uint32() throws(SSHProblem) -> UInt32 {
        try bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A length, and as many bytes.
    mutating func string() throws(SSHProblem) -> [UInt8] { try bytes(Int(uint32())) }

    /// The name of an algorithm or a namespace.
    mutating func name() throws(SSHProblem) -> String {
        let bytes = try string()
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw SSHProblem("a name in it is not printable") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A multiple precision integer above zero, as its two's complement in as few bytes as can be.
    mutating func positive() throws(SSHProblem) -> [UInt8] {
        let bytes = try string()
        guard let first = bytes.first, first < 0x80 else { throw SSHProblem("a number in it is not above zero") }
        if first == 0, bytes.count < 2 || bytes[1] < 0x80 { throw SSHProblem("a number in it has needless zeros") }
        return bytes
    }

    func end() throws(SSHProblem) {
        guard rest.isEmpty else { throw SSHProblem("\(rest.count) bytes follow its end") }
    }
}

/// Why a key or a signature is not good, as the end of a sentence about it.
package struct SSHProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static let truncated = SSHProblem("it ends too early")
}
