/// What a proxy says, before anything else on a connection, about whom it speaks for (the PROXY protocol, versions 1 and
/// 2: `doc/proxy-protocol.txt` of HAProxy, sections 2.1 and 2.2).
package struct ProxyHeader: Hashable, Sendable {
    /// Who connected to the proxy; nil for a connection of the proxy's own, such as a health check, and for peers that
    /// are not on an IP network.
    package let source: NetworkAddress?
    /// Where they connected to.
    package let destination: NetworkAddress?
    /// Bytes of the header; what the client itself sent follows.
    package let count: Int

    /// More is no header of a proxy's: version 1 ends within 107 bytes, version 2 carries two addresses and a few notes.
    package static let bytesMax = 4096

    /// Parses the header at the start of `bytes`; nil while more must come. Throws as soon as the bytes cannot become one.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderFault) -> ProxyHeader? {
        guard let first = bytes.first else { return nil }
        return first == ProxyHeaderText.prefix[0] ? try ProxyHeaderText.parse(bytes) : try ProxyHeaderBinary.parse(bytes)
    }
}

/// Why bytes are no PROXY header.
package struct ProxyHeaderFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Version 1: one line of text.
enum ProxyHeaderText {
    static let prefix = [UInt8]("PROXY ".utf8)
    /// The line's most bytes, its end included (section 2.1).
    private static let bytesMax = 107

    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderFault) -> ProxyHeader? {
        guard zip(bytes, prefix).allSatisfy(==) else { throw ProxyHeaderFault("the connection begins with no PROXY header") }
        let line = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytesMax))
        let end = line.firstIndex(of: Bytes.carriageReturn)
        // Looked for first, as a reader must that has not seen the CR behind it yet.
        if let lineFeed = line.firstIndex(of: Bytes.lineFeed), lineFeed < end ?? line.count {
            throw ProxyHeaderFault("the line ends without CR")
        }
        guard let end else {
            if line.count == bytesMax { throw ProxyHeaderFault("the line is too long") }
            return nil
        }
        guard end + 1 < line.count else {
            if line.count == bytesMax { throw ProxyHeaderFault("the line is too long") }
            return nil
        }
        guard end >= prefix.count, line[end + 1] == Bytes.lineFeed else { throw ProxyHeaderFault("the line ends without LF") }
        return try parse(line: line.slice(prefix.count..<end), count: end + 2)
    }

    private static func parse(line: UnsafeRawBufferPointer, count: Int) throws(ProxyHeaderFault) -> ProxyHeader {
        let words = line.split(separator: Bytes.space, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        // Whatever follows UNKNOWN must be ignored.
        if words[0] == "UNKNOWN" { return ProxyHeader(source: nil, destination: nil, count: count) }
        guard words.count == 5, words[0] == "TCP4" || words[0] == "TCP6" else {
            throw ProxyHeaderFault("the line does not name a protocol, two addresses and two ports")
        }
        let isFour = words[0] == "TCP4"
        guard let source = address(words[1], words[3], isFour), let destination = address(words[2], words[4], isFour) else {
            throw ProxyHeaderFault("an address or a port of the line is none")
        }
        return ProxyHeader(source: source, destination: destination, count: count)
    }

    private static func address(_ host: String, _ port: String, _ isFour: Bool) -> NetworkAddress? {
        let isCanonical = port == "0" || !port.hasPrefix("0")
        guard isCanonical, port.utf8.allSatisfy(Bytes.isDigit), let port = UInt16(port), !host.hasPrefix("["),
            let address = NetworkAddress(literal: host, port: port), address.isIPv4 == isFour
        else { return nil }
        return address
    }
}

/// Version 2: bytes.
enum ProxyHeaderBinary {
    static let signature: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]
    /// Signature, version and command, family and transport, two bytes of length.
    private static let fixedBytes = 16
    private static let local: UInt8 = 0x20
    private static let proxy: UInt8 = 0x21
    private static let tcpOverFour: UInt8 = 0x11
    private static let tcpOverSix: UInt8 = 0x21
    private static let unspecified: UInt8 = 0x00
    private static let unixStream: UInt8 = 0x31

    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderFault) -> ProxyHeader? {
        guard zip(bytes, signature).allSatisfy(==) else { throw ProxyHeaderFault("the connection begins with no PROXY header") }
        guard bytes.count >= fixedBytes else { return nil }
        let command = bytes[12]
        guard command == local || command == proxy else { throw ProxyHeaderFault("the header's version or command is unknown") }
        let count = fixedBytes + Int(bytes[14]) << 8 + Int(bytes[15])
        guard count <= ProxyHeader.bytesMax else { throw ProxyHeaderFault("the header is too long") }
        guard bytes.count >= count else { return nil }
        let rest = bytes.slice(fixedBytes..<count)
        // What a proxy says about a connection of its own must be ignored.
        if command == local { return ProxyHeader(source: nil, destination: nil, count: count) }
        return try parse(rest, family: bytes[13], count: count)
    }

    private static func parse(
        _ rest: UnsafeRawBufferPointer, family: UInt8, count: Int
    ) throws(ProxyHeaderFault) -> ProxyHeader {
        let length: Int
        switch family {
        case tcpOverFour: length = 4
        case tcpOverSix: length = 16
        case unspecified, unixStream: return ProxyHeader(source: nil, destination: nil, count: count)
        default: throw ProxyHeaderFault("the header speaks of another transport than TCP")
        }
        let addressBytes = 2 * length + 4
        guard rest.count >= addressBytes else { throw ProxyHeaderFault("the header is too short for its addresses") }
        try checkNotes(rest.slice(from: addressBytes))
        func address(_ index: Int) -> NetworkAddress? {
            let port = 2 * length + 2 * index
            return NetworkAddress(
                bytes: [UInt8](rest.slice(index * length..<(index + 1) * length)),
                port: UInt16(rest[port]) << 8 | UInt16(rest[port + 1]))
        }
        return ProxyHeader(source: address(0), destination: address(1), count: count)
    }

    /// The notes (TLVs, section 2.2) are not used, but must fill the header exactly.
    private static func checkNotes(_ bytes: UnsafeRawBufferPointer) throws(ProxyHeaderFault) {
        var position = 0
        while position < bytes.count {
            guard position + 3 <= bytes.count else { throw ProxyHeaderFault("a note of the header is cut") }
            position += 3 + Int(bytes[position + 1]) << 8 + Int(bytes[position + 2])
        }
        if position > bytes.count { throw ProxyHeaderFault("a note of the header is cut") }
    }
}
