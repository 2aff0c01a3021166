internal import COpenSSL

/// Random bytes fit for secrets.
package enum SecureRandom {
    /// `count` bytes of OpenSSL's generator, which seeds itself from the kernel; callable from any thread.
    package static func bytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { out, initialized in
            let answer = RAND_bytes(out.baseAddress, Int32(count))
            precondition(answer == 1, "the system has no randomness")
            initialized = count
        }
    }

    /// A random UUID (RFC 9562, version 4) in lower case.
    package static func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array(Hex.text(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
