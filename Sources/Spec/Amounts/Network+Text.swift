extension Network: Amount {
    package static let noun = "a network"
    package static let example = "10.0.0.0/8"
    /// Leaves open whether the address has bits beyond the prefix.
    static let pattern: String? = IPText.pattern

    /// `10.0.0.0/8`, `2001:db8::/32`, or one address.
    package static func parse(_ text: String) throws(AmountProblem) -> Network {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
            .map { Substring($0) }
        let isIPv6 = parts[0].utf8.contains(UInt8(ascii: ":"))
        guard let address = isIPv6 ? IPText.version6(parts[0]) : IPText.version4(parts[0]) else {
            throw AmountProblem("`\(parts[0])` is not an IP address")
        }
        let bits = address.count * 8
        guard parts.count == 2 else { return Network(address: address, prefixLength: bits) }
        guard let length = IPText.number(parts[1], atMost: bits) else {
            throw AmountProblem("the prefix length must be between 0 and \(bits)")
        }
        let network = Network(address: masked(address, to: length), prefixLength: length)
        guard network.address == address else {
            throw AmountProblem("the address has bits beyond the prefix", hint: "did you mean `\(network.text)`?")
        }
        return network
    }

    /// Always with the prefix length; RFC 5952 for IPv6.
    package var text: String {
        (address.count == 4 ? address.map(String.init).joined(separator: ".") : IPText.text(version6: address))
            + "/\(prefixLength)"
    }

    private static func masked(_ address: [UInt8], to length: Int) -> [UInt8] {
        address.enumerated().map { index, byte in
            let kept = max(0, min(8, length - index * 8))
            return kept == 0 ? 0 : byte & (0xFF << (8 - kept))
        }
    }
}

/// Addresses as text: RFC 4291, section 2.2, and RFC 5952.
enum IPText {
    /// With a prefix length.
    static var pattern: String {
        "\(version4Pattern)(?:/(?:3[0-2]|[12]?[0-9]))?|\(version6Pattern)(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?"
    }

    static var version4Pattern: String {
        let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
        return "\(byte)(?:\\.\(byte)){3}"
    }

    /// RFC 3986, section 3.2.2.
    static var version6Pattern: String {
        let group = "[0-9A-Fa-f]{1,4}"
        let last = "(?:\(group):\(group)|\(version4Pattern))"
        let elided = (0...4).map { before in
            let head = before == 0 ? "" : "(?:(?:\(group):){0,\(before - 1)}\(group))?"
            return "\(head)::(?:\(group):){\(5 - before)}\(last)"
        }
        let forms =
            ["(?:\(group):){6}\(last)"] + elided + [
                "(?:(?:\(group):){0,4}\(group))?::\(last)", "(?:(?:\(group):){0,5}\(group))?::\(group)",
                "(?:(?:\(group):){0,6}\(group))?::",
            ]
        return "(?:\(forms.joined(separator: "|")))"
    }

    /// A decimal without leading zeros, which some readers take for octal.
    static func number(_ text: Substring, atMost bound: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard text == "0" || text.utf8.first != 0x30, let value = Int(text), value <= bound else { return nil }
        return value
    }

    static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Substring($0) }
        let bytes = parts.compactMap { number($0, atMost: 255) }.map(UInt8.init)
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    static func version6(_ text: Substring) -> [UInt8]? {
        guard let gap = firstGap(in: text) else {
            let bytes = groups(text, mayEndInVersion4: true)
            return bytes?.count == 16 ? bytes : nil
        }
        let after = text.utf8.index(gap, offsetBy: 2)
        guard let head = groups(text[..<gap], mayEndInVersion4: false),
            let tail = groups(text[after...], mayEndInVersion4: true), head.count + tail.count <= 14 else {
            return nil
        }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func firstGap(in text: Substring) -> Substring.Index? {
        text.utf8.indices.first { index in text.utf8[index...].starts(with: "::".utf8) }
    }

    /// Groups between colons, the last of which may be an IPv4 address; empty text has none.
    private static func groups(_ text: Substring, mayEndInVersion4: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let address = version4(part) else { return nil }
                bytes += address
            } else {
                guard (1...4).contains(part.utf8.count), !"+-".utf8.contains(part.utf8.first ?? 0x2D),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }

    static func text(version6 bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let zeros = longestZeros(groups)
        func joined(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count >= 2 else { return joined(0..<8) }
        return joined(0..<zeros.lowerBound) + "::" + joined(zeros.upperBound..<8)
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > best.count {
                best = start..<(index + 1)
            }
        }
        return best
    }
}
