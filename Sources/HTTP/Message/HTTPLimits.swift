/// The limits of a server, together with their reasons. Times are durations, sizes bytes.
package struct HTTPLimits: Sendable {
    // Sizes.

    /// Request line: beyond it 414. Long enough for any real query.
    package var targetBytesMax = 8 * 1024
    /// One header line: beyond it 431. Longer than any key or token that is meant to be sent with each request.
    package var headerLineBytesMax = 8 * 1024
    /// Whole head: beyond it 431. Bounds what a stranger makes us hold.
    package var headBytesMax = 32 * 1024
    /// Header lines: beyond it 431. Bounds the work of looking one up.
    package var headerCountMax = 100
    /// Extensions and trailers of one chunked body: beyond it 400. They are dropped, so more would be work for nothing.
    package var chunkOverheadBytesMax = 16 * 1024
    /// Unread request body that is read and dropped to keep the connection; with more left it is closed.
    package var drainBytesMax = 64 * 1024
    /// Queued answer bytes above which `Exchange.isWritable` is false, and whose room is counted in `ServerOptions.bodies` until
    /// they are taken. What one read of an upstream adds to them is the most that a reader who has stopped makes us hold uncounted.
    package var outputHighWaterBytes = 32 * 1024
    /// Queued answer bytes at which `Exchange.onWritable` is called again.
    package var outputLowWaterBytes = 16 * 1024
    /// Connections of a server that shares no quota with others: beyond it 503. Bounds descriptors.
    package var connectionsMax = 50_000
    /// Connections that are told that there are too many, at once: beyond it they are closed without a word, since a
    /// flood must not be answered for ever.
    package var refusalsMax = 64
    /// Descriptors numbered from here on are not for clients, but for what must work when there are too many of those.
    package var clientDescriptorsMax = Int32.max
    /// Requests of one connection, whose last answer says that it closes. Spreads long-lived clients over loops and
    /// servers again, and bounds what one connection can gather.
    package var requestsPerConnectionMax = 1000

    // Times.

    /// From the first byte of a head to its last: beyond it 408. Stops slow senders of heads.
    package var headTimeout = Duration.seconds(10)
    /// How often the rate of an incoming body is looked at.
    package var bodyRatePeriod = Duration.seconds(5)
    /// Bytes of body that must come in one such period: fewer is 408. Stops slow senders of bodies.
    package var bodyBytesPerPeriodMin = 1200
    /// From the wish for a body to its last byte: beyond it 408. Long enough for the largest body over a slow line, and
    /// an end for whoever sends just fast enough to hold a connection and its memory for hours.
    package var bodyTimeout = Duration.seconds(600)
    /// Between two requests of a connection.
    package var idleTimeout = Duration.seconds(75)
    /// While a server drains, how long a connection may stay idle: a request that was under way to it is answered, and
    /// told that the connection ends.
    package var drainIdleTimeout = Duration.seconds(2)
    /// Age from which the next answer says that its connection closes.
    package var connectionAgeMax = Duration.seconds(3600)
    /// While a client takes none of the bytes queued for it.
    package var writeTimeout = Duration.seconds(60)
    /// How long a closing connection that has sent its last answer waits for a client that is silent to close too, so that
    /// a reset does not overtake the answer.
    package var lingerTimeout = Duration.seconds(2)
    /// The same for a client that goes on sending, which is read and dropped.
    package var lingerTimeoutMax = Duration.seconds(5)

    package init() {}
}
