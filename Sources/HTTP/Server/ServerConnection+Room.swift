/// Room in the server's budget of bodies for an answer that its reader does not take.
extension ServerConnection {
    /// Keeps at most `count` bytes of room that an exchange had, until what is queued has run low; returns how many. What may be
    /// queued in any case needs none.
    func keepRoom(atMost count: Int) -> Int {
        guard channel.queuedBytes > limits.outputHighWaterBytes else { return 0 }
        let kept = max(0, min(count, channel.queuedBytes - queuedRoom))
        queuedRoom += kept
        return kept
    }

    /// All at once, when the queue has run low: its storage is one piece, which goes with its last byte.
    func giveBackRoom() {
        guard queuedRoom > 0 else { return }
        server.bodies.release(queuedRoom)
        queuedRoom = 0
    }
}
