/// What happens on a channel. All calls come on the loop's thread; after `close` there are none.
protocol ChannelDelegate: AnyObject {
    /// Something has come, perhaps with or as the end of what the other side sends: whether it is to be received now, and not by a later
    /// call of `Channel.receiveNow`.
    func channelReadable(isEnding: Bool) -> Bool
    /// The loop has time for work that nobody has begun, as `Channel.awaitTurn` asked; `isLate` when it has none for this any more.
    func channelTurn(isLate: Bool)
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
