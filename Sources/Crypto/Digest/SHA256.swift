internal import COpenSSL

/// SHA-256 (FIPS 180-4) by OpenSSL.
package enum SHA256 {
    /// The digest of `bytes`; callable from any thread.
    package static func digest(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { out in
            let answer = EVP_Digest(
                bytes.baseAddress, bytes.count, out.baseAddress, nil, OpaquePointer(bitPattern: algorithm), nil)
            precondition(answer == 1, "OpenSSL refused a SHA-256 of memory")
            return SHA256Digest(lanes: SHA256Digest.lanes(of: UnsafeRawBufferPointer(out)))
        }
    }

    /// The digest of the text's UTF-8.
    package static func digest(_ text: String) -> SHA256Digest {
        var text = text
        return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
    }

    package static func digest(_ bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { digest($0) }
    }

    /// The algorithm, fetched once: with it a short digest takes a third of the time of `EVP_sha256()`, which looks the
    /// implementation up on every call. It is never freed. A number, since a pointer may not be shared between threads.
    private static let algorithm = UInt(bitPattern: EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256())
}
