/// A request to send. Host, Content-Length and Connection are set when it is written.
package struct OutboundRequest: Sendable {
    package var method: Method
    package var origin: Origin
    /// Path and query, beginning with a slash.
    package var target: String
    package var headers: Headers
    package var body: [UInt8]
    package var timeouts: CallTimeouts

    package init(
        method: Method, origin: Origin, target: String, headers: Headers = Headers(), body: [UInt8] = [],
        timeouts: CallTimeouts = CallTimeouts()
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
    }

    /// Whether method and target can be written without breaking the request line.
    var isWritable: Bool {
        !method.rawValue.isEmpty && method.rawValue.utf8.allSatisfy(Bytes.isToken)
            && target.utf8.first == UInt8(ascii: "/")
            && target.utf8.allSatisfy(Bytes.isTarget)
    }
}

extension OutboundRequest {
    func write(to output: inout OutputBuffer) {
        output.append(text: method.rawValue)
        output.append(" ")
        output.append(text: target)
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(text: origin.hostHeader)
        output.appendLineEnd()
        output.appendFields(headers, skippingHost: true)
        if !body.isEmpty || method == .post || method == .put || method == .patch {
            output.append("content-length: ")
            output.append(decimal: body.count)
            output.appendLineEnd()
        }
        output.appendLineEnd()
        output.append(body)
    }
}

/// How long a call may wait for each of its steps.
package struct CallTimeouts: Sendable {
    /// Until a new connection stands: names, TCP and TLS together.
    package var connect: Duration
    /// From then, or from a connection's reuse, until the whole head of the answer is there.
    package var firstByte: Duration
    /// Between two pieces of the answer's body. Does not run while the call is paused.
    package var idle: Duration

    package init(
        connect: Duration = .seconds(5), firstByte: Duration = .seconds(120), idle: Duration = .seconds(60)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
    }
}

/// The limits of a client, together with their reasons.
package struct ClientLimits: Sendable {
    /// Head of an answer; bounds what an upstream makes us hold.
    package var headBytesMax = 64 * 1024
    /// Header lines of an answer.
    package var headerCountMax = 200
    /// Extensions and trailers of one chunked answer.
    package var chunkOverheadBytesMax = 1024 * 1024
    /// Interim answers (1xx) before the final one; an upstream that sends more never gets to the point.
    package var interimMax = 8
    /// Idle connections kept for one origin.
    package var idleConnectionsPerOriginMax = 512
    /// How long an idle connection is kept; shorter than most servers keep theirs.
    package var idleConnectionTimeout = Duration.seconds(50)
    /// How long the addresses of a name are believed.
    package var nameTimeToLive = Duration.seconds(30)

    package init() {}
}
