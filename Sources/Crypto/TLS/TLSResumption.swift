internal import COpenSSL

/// What a client keeps of one session to shorten the handshake of the next with the same server (SSL_get1_session(3)). It
/// belongs to the context that made it. Used on one thread.
package final class TLSResumption {
    let pointer: OpaquePointer

    /// Takes over a session; nil when no server would take it again.
    init?(_ pointer: OpaquePointer) {
        guard SSL_SESSION_is_resumable(pointer) == 1 else {
            SSL_SESSION_free(pointer)
            return nil
        }
        self.pointer = pointer
    }

    deinit { SSL_SESSION_free(pointer) }
}
