/// Something that owns a descriptor in a loop. All calls come on the loop's thread.
protocol EventHandler: AnyObject {
    /// The descriptor is ready.
    func ready(_ readiness: Readiness)
    /// The batch is over: send what is queued. Comes after a call of `EventLoop.flushLater`.
    func flush()
    /// Comes in the next batch after a call of `EventLoop.continueLater`.
    func continueWork()
    /// It is this handler's turn to begin what came, which is late when it has waited for too long to be served. Comes after a call of
    /// `EventLoop.awaitTurn`.
    func takeTurn(isLate: Bool)
    /// The loop has ended: let go of the descriptor.
    func loopEnded()
}

extension EventHandler {
    func flush() {}
    func continueWork() {}
    func takeTurn(isLate: Bool) {}
    func loopEnded() {}
}

/// A handler's place in a loop: which slot, and which of the handlers that have held it.
struct Registration {
    let slot: UInt32
    let generation: UInt32

    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    init(token: UInt64) {
        slot = UInt32(truncatingIfNeeded: token)
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }
}
