internal import Crypto

/// A channel's TLS session and what waits on either side of it.
final class TLSLayer {
    let session: TLSSession
    /// What is still to be encrypted.
    var plaintext = OutputBuffer()
    private(set) var isEstablished = false
    /// Whether bytes have been received that may decrypt to something.
    var mayHavePlaintext = false
    /// Whether the other side has said that it sends no more.
    var isEnded = false

    init(_ session: TLSSession) { self.session = session }

    var hasPlaintextToSend: Bool { isEstablished && !plaintext.isEmpty }

    /// Goes on with the handshake; true once it is complete.
    func handshake() throws(TLSError) -> Bool {
        isEstablished = try session.handshake()
        return isEstablished
    }

    func encrypt(atMost count: Int) throws(TLSError) {
        let count = min(count, plaintext.count)
        var failure: TLSError?
        plaintext.withReadable { bytes in
            do throws(TLSError) {
                try session.write(bytes.slice(0..<count))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        plaintext.consume(count)
    }
}
