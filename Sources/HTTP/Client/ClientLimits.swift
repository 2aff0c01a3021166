/// The limits of a client, together with their reasons.
package struct ClientLimits: Hashable, Sendable {
    /// Head of an answer; bounds what an upstream makes us hold.
    package var headBytesMax = 64 * 1024
    /// Header lines of an answer.
    package var headerCountMax = 200
    /// Extensions and trailers of one chunked answer.
    package var chunkOverheadBytesMax = 1024 * 1024
    /// Interim answers (1xx) before the final one; an upstream that sends more never gets to the point.
    package var interimMax = 8
    /// Descriptors numbered from here on are not for connections, but for what must work when there are too many of those.
    package var descriptorsMax = Int32.max
    /// Idle connections kept for one origin.
    package var idleConnectionsPerOriginMax = 512
    /// How long an idle connection is kept; shorter than most servers keep theirs.
    package var idleConnectionTimeout = Duration.seconds(50)
    /// How old a connection may become before it is not used again: longer, and it would stay with an address that the
    /// name has left. A quarter less for some, so that those made together do not leave together.
    package var connectionAgeMax = Duration.seconds(3600)
    /// Requests over one connection, as nginx bounds them: what a server leaks per connection ends with it.
    package var requestsPerConnectionMax = 1000
    /// Calls that may wait for a connection; each holds its request's body.
    package var waitingCallsMax = 1000
    /// Head start of an address over the next one (RFC 8305 section 5).
    package var addressHeadStart = Duration.milliseconds(250)

    package init() {}
}

/// How long the answers about a name are believed. The system's resolver tells no time to live.
package struct NameLimits: Sendable {
    /// Addresses.
    package var age = Duration.seconds(30)
    /// That there are none: long enough that a burst of calls asks once, short enough that nobody waits for a repair.
    package var failureAge = Duration.seconds(1)
    /// Addresses of a name that cannot be looked up any more.
    package var staleAge = Duration.seconds(600)
    /// How long a lookup may take before old addresses serve in its place.
    package var patience = Duration.seconds(1)
    /// Calls that may wait for the addresses of one name; each holds its request's body.
    package var waitingMax = 1000
    /// Names remembered at once; a table that is full is emptied.
    package var namesMax = 1000

    package init() {}
}
