@testable import HTTP
import TestKit
import Testing

@Suite struct ProxyHeaderTests {
    static let signature = ProxyHeaderBinary.signature

    private func parse(_ bytes: [UInt8]) throws -> ProxyHeader? {
        try bytes.withUnsafeBytes { try ProxyHeader.parse($0) }
    }

    private func parse(_ text: String) throws -> ProxyHeader? { try parse([UInt8](text.utf8)) }

    /// A header of version 2 with its true length.
    static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 255)] + rest
    }

    static let four = binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 0x10, 0x00, 0x01, 0xbb])
    static let six = binary(
        0x21, 0x21,
        [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1] + [UInt8](repeating: 0, count: 15) + [1] + [0, 80, 1, 187])
    static let withNotes = binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 0x10, 0x00, 0x01, 0xbb, 0x04, 0, 2, 7, 7, 0xea, 0, 0])
    static let whole: [[UInt8]] = [
        [UInt8]("PROXY TCP4 192.0.2.1 198.51.100.2 4096 443\r\n".utf8),
        [UInt8]("PROXY TCP6 2001:db8::1 ::1 80 443\r\n".utf8),
        [UInt8]("PROXY UNKNOWN ffff:f...f ffff 65535\r\n".utf8), [UInt8]("PROXY UNKNOWN\r\n".utf8),
        four, six, withNotes, binary(0x20, 0x00, []), binary(0x21, 0x31, [UInt8](repeating: 1, count: 216)),
    ]

    @Test func `reads the addresses of both versions`() throws {
        for bytes in [Self.whole[0], Self.four, Self.withNotes] {
            let header = try #require(try parse(bytes))
            #expect(header.source?.description == "192.0.2.1:4096")
            #expect(header.destination?.description == "198.51.100.2:443")
            #expect(header.count == bytes.count)
        }
        for bytes in [Self.whole[1], Self.six] {
            #expect(try parse(bytes)?.source?.description == "[2001:db8::1]:80")
        }
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN 1.2.3.4 x y z\r\n"])
    func `believes no address of a proxy that does not know`(_ line: String) throws {
        let header = try #require(try parse(line))
        #expect(header.source == nil)
        #expect(header.count == line.utf8.count)
    }

    @Test func `takes a health check and another family for a connection of the proxy's own`() throws {
        for bytes in [Self.binary(0x20, 0x11, [UInt8](repeating: 9, count: 12)), Self.binary(0x21, 0x00, [1, 2, 3]), Self.whole[8]] {
            let header = try #require(try parse(bytes))
            #expect(header.source == nil)
            #expect(header.count == bytes.count)
        }
    }

    @Test func `waits for every byte and takes none of what follows`() throws {
        for bytes in Self.whole {
            for count in 0..<bytes.count { #expect(try parse([UInt8](bytes[..<count])) == nil, "\(count) of \(bytes)") }
            #expect(try parse(bytes + [UInt8]("GET / HTTP/1.1\r\n".utf8))?.count == bytes.count)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP6 [::1] ::1 1 2\r\n", "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n", "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", "PROXY TCP4 1.2.3.4\t1.2.3.4 1 2\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rX", "\u{16}\u{3}\u{1}",
        "PROXY \r\n", "PROXY UNKNOWN a\nb\r\n",
    ])
    func `refuses what is no header`(_ text: String) {
        #expect(throws: ProxyHeaderFault.self) { try parse(text) }
    }

    @Test func `refuses a line without end and a header without bound`() {
        #expect(throws: ProxyHeaderFault.self) { try parse("PROXY " + String(repeating: "x", count: 101)) }
        #expect(throws: ProxyHeaderFault.self) { try parse("PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r") }
        #expect(throws: ProxyHeaderFault.self) { try parse(Self.signature + [0x21, 0x11, 0xff, 0xff]) }
    }

    @Test func `refuses a version, a command and a transport that it does not know`() {
        for bytes in [
            Self.binary(0x11, 0x11, [UInt8](repeating: 0, count: 12)), Self.binary(0x22, 0x11, [UInt8](repeating: 0, count: 12)),
            Self.binary(0x21, 0x12, [UInt8](repeating: 0, count: 12)), Self.binary(0x21, 0x11, [UInt8](repeating: 0, count: 11)),
            Self.binary(0x21, 0x21, [UInt8](repeating: 0, count: 35)),
        ] {
            #expect(throws: ProxyHeaderFault.self) { try parse(bytes) }
        }
    }

    @Test func `refuses notes that do not fill the header`() {
        for notes: [UInt8] in [[4], [4, 0], [4, 0, 1], [4, 0, 2, 1], [4, 0, 0, 9]] {
            let bytes = Self.binary(0x21, 0x11, [UInt8](repeating: 0, count: 12) + notes)
            #expect(throws: ProxyHeaderFault.self) { try parse(bytes) }
        }
    }

    @Test func `survives whatever is changed in a header`() {
        var random = SplitMix(state: 17)
        for _ in 0..<20_000 {
            var bytes = Self.whole[Int(random.next() % UInt64(Self.whole.count))]
            for _ in 0...Int(random.next() % 3) { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
            guard let header = try? parse(bytes) else { continue }
            #expect(header.count <= bytes.count)
        }
    }
}

@Suite struct NetworkPrefixTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("::/0", "::1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("::ffff:10.0.0.1", "10.0.0.1", true), ("2001:db8::/64", "2001:db8::ffff", true), ("2001:db8::8000:0:0:0/65", "2001:db8::1", false),
    ])
    func `contains what has its prefix`(_ prefix: String, _ address: String, _ expected: Bool) throws {
        let network = try #require(NetworkPrefix(prefix))
        #expect(network.contains(try #require(NetworkAddress(literal: address, port: 9))) == expected)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.1/8", "::1/64", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "host", "::/129", "10.0.0.0/-1"])
    func `refuses what is no network`(_ text: String) {
        #expect(NetworkPrefix(text) == nil)
    }
}

@Suite struct ForwardedTrustTests {
    private func client(_ field: ForwardedField, peer: String = "10.0.0.1", _ values: String...) throws -> String {
        var headers = Headers()
        for value in values { headers.add(named: field.rawValue, value) }
        let proxies = [try #require(NetworkPrefix("10.0.0.0/8")), try #require(NetworkPrefix("2001:db8::/32"))]
        let trust = ForwardedTrust(proxies: proxies, field: field)
        return trust.client(of: try #require(NetworkAddress(literal: peer, port: 5)), headers).host
    }

    @Test func `takes the last address that is no trusted proxy`() throws {
        #expect(try client(.xForwardedFor, "1.2.3.4") == "1.2.3.4")
        #expect(try client(.xForwardedFor, "6.6.6.6, 1.2.3.4, 10.9.9.9") == "1.2.3.4")
        #expect(try client(.xForwardedFor, "6.6.6.6", "1.2.3.4", "10.9.9.9 , ::ffff:10.2.2.2") == "1.2.3.4")
        #expect(try client(.xForwardedFor, "1.2.3.4:5678, [2001:db8::1]:443") == "1.2.3.4")
        #expect(try client(.xForwardedFor, "10.1.1.1") == "10.1.1.1")
    }

    @Test func `believes no stranger`() throws {
        #expect(try client(.xForwardedFor, peer: "8.8.8.8", "1.2.3.4") == "8.8.8.8")
        #expect(try client(.forwarded, peer: "8.8.8.8", "for=1.2.3.4") == "8.8.8.8")
    }

    @Test func `reads the standard field`() throws {
        #expect(try client(.forwarded, "for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.1") == "1.2.3.4")
        #expect(try client(.forwarded, #"proto=http;FOR="[2001:4860::1]:4711""#) == "2001:4860::1")
        #expect(try client(.forwarded, #"for="1.2.3.4";by="a,b;c\"d""#, "for=10.0.0.2") == "1.2.3.4")
    }

    @Test func `does not look at the other field`() throws {
        var headers = Headers()
        headers.add("forwarded", "for=6.6.6.6")
        let trust = ForwardedTrust(proxies: [try #require(NetworkPrefix("10.0.0.0/8"))], field: .xForwardedFor)
        #expect(trust.client(of: try #require(NetworkAddress(literal: "10.0.0.1", port: 1)), headers).host == "10.0.0.1")
    }

    @Test(arguments: ["unknown", "_hidden", "1.2.3.4, unknown", "for", "1.2.3", "1.2.3.4:99999", "2001:db9::1:x"])
    func `takes a hidden address for none`(_ value: String) throws {
        #expect(try client(.xForwardedFor, value) == "::")
    }

    @Test(arguments: [#"for=1.2.3.4;x=", for=6.6.6.6"#, #"for="_gazonk""#, "for=unknown", "proto=https", "for=1.2.3.4;for=5.6.7.8",
        "for=1.2.3.4;x=\u{600}, for=6.6.6.6",
    ])
    func `is not led astray by quotes, repetitions and characters that swallow a comma`(_ value: String) throws {
        #expect(try client(.forwarded, value) == "::")
    }
}
