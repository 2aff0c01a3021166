internal import COpenSSL

/// Certificates and keys as text (RFC 7468), read with OpenSSL.
enum PEMText {
    /// Longer than any chain of certificates, or list of authorities, that a server shows.
    private static let bytesMax = 4 << 20

    /// The whole content of a file.
    static func read(_ path: String) throws(TLSError) -> [UInt8] {
        ERR_clear_error()
        guard let file = BIO_new_file(path, "r") else { throw TLSError(file: path) }
        defer { BIO_free(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= bytesMax {
            let count = BIO_read(file, &piece, Int32(piece.count))
            guard count > 0 else { return bytes }
            bytes += piece[..<Int(count)]
        }
        throw TLSError(text: "\(path): larger than \(bytesMax) bytes")
    }

    /// Calls `body` with each certificate in order, and says how many there were.
    static func forEachCertificate(
        _ text: [UInt8], _ body: (OpaquePointer) throws(TLSError) -> Void
    ) throws(TLSError) -> Int {
        try withSource(text) { (source) throws(TLSError) -> Int in
            var count = 0
            while let certificate = PEM_read_bio_X509(source, nil, noPassphrase, nil) {
                defer { X509_free(certificate) }
                count += 1
                try body(certificate)
            }
            // The end of the text is told as an error.
            ERR_clear_error()
            return count
        }
    }

    /// Calls `body` with the private key. One with a passphrase is refused: there is nobody to ask.
    static func withPrivateKey(_ text: [UInt8], _ body: (OpaquePointer) throws(TLSError) -> Void) throws(TLSError) {
        try withSource(text) { (source) throws(TLSError) -> Void in
            ERR_clear_error()
            guard let key = PEM_read_bio_PrivateKey(source, nil, noPassphrase, nil) else {
                throw TLSError("PEM_read_bio_PrivateKey")
            }
            defer { EVP_PKEY_free(key) }
            try body(key)
        }
    }

    private static func withSource<Result>(
        _ text: [UInt8], _ body: (OpaquePointer) throws(TLSError) -> Result
    ) throws(TLSError) -> Result {
        guard let source = BIO_new(BIO_s_mem()) else { throw TLSError("BIO_new") }
        defer { BIO_free(source) }
        guard text.isEmpty || BIO_write(source, text, Int32(clamping: text.count)) == text.count else {
            throw TLSError("BIO_write")
        }
        return try body(source)
    }
}

/// What OpenSSL asks for a passphrase (pem_password_cb(3)).
private func noPassphrase(_: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?) -> Int32 { -1 }
