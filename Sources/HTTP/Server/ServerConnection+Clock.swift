/// What a connection is waiting for, and how long it may.
struct ConnectionClock {
    enum Wait {
        case firstHead, idle, head, body, answer, linger
    }

    var wait = Wait.firstHead
    /// Bytes of a body, or dropped ones behind the last answer, since they were last counted.
    var receivedBytes = 0
    /// Bytes sent when the client was last looked at.
    var sentBytes = 0
    /// When a body must have come whole.
    var bodyEndsBy = MonotonicInstant.never
    /// When a closing connection that has sent everything gives up on a client that goes on sending.
    var lingersUntil = MonotonicInstant.never
}

extension ServerConnection {
    /// Sets the clock for what comes next. Waiting for a head goes on counting from its first byte.
    func expect(_ wait: ConnectionClock.Wait) {
        if wait == .head, clock.wait == .head || clock.wait == .firstHead { return }
        if wait == .body, clock.wait != .body { clock.bodyEndsBy = server.loop.now + limits.bodyTimeout }
        clock.wait = wait
        clock.receivedBytes = 0
        clock.sentBytes = channel.sentBytes
        server.loop.set(timer, after: patience)
    }

    private var patience: Duration {
        switch clock.wait {
        case .firstHead, .head: limits.headTimeout
        case .idle: limits.idleTimeout
        case .body: max(.zero, min(limits.bodyRatePeriod, clock.bodyEndsBy - server.loop.now))
        case .answer: limits.writeTimeout
        case .linger: max(.zero, min(limits.lingerTimeout, clock.lingersUntil - server.loop.now))
        }
    }

    func timerFired() {
        guard isOpen else { return }
        switch clock.wait {
        case .firstHead where !hasPartialHead, .idle: closeIdle()
        case .firstHead, .head: refuse(.timeout)
        case .body: checkBodyRate()
        case .answer: checkWriting()
        case .linger: checkLingering()
        }
    }

    private func closeIdle() {
        if channel.awaitsTurn {
            // Its request has come; only the server has not.
            expect(clock.wait)
        } else if channel.queuedBytes > 0 {
            checkWriting()
        } else {
            close()
        }
    }

    private func checkBodyRate() {
        if clock.receivedBytes >= limits.bodyBytesPerPeriodMin, server.loop.now < clock.bodyEndsBy {
            expect(.body)
        } else {
            refuse(.timeout)
        }
    }

    /// A client that takes nothing of what is queued for it has gone, as far as anyone can tell.
    private func checkWriting() {
        if channel.queuedBytes == 0 || channel.sentBytes != clock.sentBytes {
            expect(clock.wait)
        } else {
            cut()
        }
    }

    /// As long as the answer still leaves, nobody is hurried; then the client may only go on for so long.
    private func checkLingering() {
        let isSending = channel.queuedBytes > 0 && channel.sentBytes != clock.sentBytes
        let isReceiving = channel.queuedBytes == 0 && clock.receivedBytes > 0 && server.loop.now < clock.lingersUntil
        if isSending || isReceiving { expect(.linger) } else { close() }
    }
}
