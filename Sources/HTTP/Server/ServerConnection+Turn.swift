/// What a connection may begin where the loop has more to do than it can.
struct ConnectionTurn {
    /// Whether nothing has been begun in the turn that the connection had last.
    var isUnused = false
    /// Whether what is begun now has waited for too long to be served.
    var isLate = false
    /// Whether nothing more comes from the client than what is to be received.
    var isLast = false
}

extension ServerConnection {
    /// Each request takes a turn of its own, also one that came with another, while others wait.
    var mayBegin: Bool { turn.isUnused || !server.waitsForTurns || !server.loop.isBehind }

    /// Whether a request is held that came with another, and waits for its turn.
    var holdsNextRequest: Bool { hasPartialHead && channel.awaitsTurn }

    /// Whether nobody waits for the next request any more. A client that only shut its sending direction is lost too: where there is
    /// time it is served, and does not wait.
    var isGivenUp: Bool { turn.isLast && server.waitsForTurns && server.loop.isBehind }

    func channelReadable(isEnding: Bool) -> Bool {
        guard server.waitsForTurns, phase == .head, !hasPartialHead else { return true }
        if isEnding { turn.isLast = true }
        if isGivenUp {
            // An end costs nothing, and a request that comes with it is not begun.
            guard isInHandshake else { return true }
            leaveHandshake(as: channel.awaitsTurn ? .gaveUp : .handshakeFailed)
        } else {
            channel.awaitTurn()
        }
        return false
    }

    func channelTurn(isLate: Bool) {
        guard isOpen else { return }
        if isInHandshake, isLate || isGivenUp { return leaveHandshake(as: isLate ? .shed : .gaveUp) }
        turn.isUnused = phase == .head
        turn.isLate = isLate && phase == .head
        if held.isEmpty { channel.receiveNow() } else { resume() }
        turn.isLate = false
    }

    /// Answers that there is too much to do. The connection is kept where it can be: making another would only be more to do.
    func turnAway(_ exchange: Exchange) {
        turn.isLate = false
        server.meter.count(.shed)
        exchange.respond(.tooMuchToDo)
    }

    /// Ends a connection whose client has left, with its request not begun.
    func giveUp() {
        server.meter.count(.gaveUp)
        if channel.queuedBytes > 0 { linger() } else { close() }
    }

    private var isInHandshake: Bool { channel.speaksTLS && channel.session == nil }

    private func leaveHandshake(as event: ServerEvent) {
        server.meter.count(event)
        close()
    }
}
