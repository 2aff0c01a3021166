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
    /// Whether sending it twice does what sending it once does (RFC 9110 section 9.2.2).
    var isIdempotent: Bool {
        switch method {
        case .get, .head, .options, .put, .delete: true
        default: false
        }
    }

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
    /// Until a connection stands: waiting for one that is free, names, TCP and TLS together.
    package var connect: Duration
    /// From then, or from a connection's reuse, until the whole head of the answer is there.
    package var firstByte: Duration
    /// Between two pieces of the answer's body. Does not run while the call is paused.
    package var idle: Duration
    /// From the call to the end of the answer, whatever happens in between; nil for no such bound.
    package var total: Duration?

    package init(
        connect: Duration = .seconds(5), firstByte: Duration = .seconds(120), idle: Duration = .seconds(60),
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
