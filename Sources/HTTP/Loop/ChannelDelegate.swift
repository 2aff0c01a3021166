/// What happens on a channel. All calls come on the loop's thread; after `close` there are none.
protocol ChannelDelegate: AnyObject {
    /// Whether nothing is under way, so that what comes may have to wait for its turn.
    var isAtRest: Bool { get }
    /// Whether what comes now has waited for too long to be served.
    func channelIsLate(_ isLate: Bool)
    /// The other side left while what it had sent waited for its turn.
    func channelGaveUp()
    /// A connection that was being made stands, TLS included.
    func channelConnected()
    /// Bytes came; they are valid during the call.
    func channelReceived(_ bytes: UnsafeRawBufferPointer)
    /// The other side has shut its sending direction and everything it sent has been received.
    func channelReachedEnd()
    /// The other side has shut its sending direction, but reading is paused.
    func channelPeerFinished()
    /// The connection is broken: a `SystemError` or a `TLSError`.
    func channelFailed(_ error: any Error)
    /// What was queued has been sent down to the low-water mark.
    func channelDrained()
    /// Everything queued has been sent, and that nothing follows, as `finishSending` asked.
    func channelFinishedSending()
}

extension ChannelDelegate {
    var isAtRest: Bool { false }
    func channelIsLate(_ isLate: Bool) {}
    func channelGaveUp() {}
}
