extension ServerConnection {
    /// How the body of an answer is delimited.
    enum AnswerLength {
        case count(Int)
        case chunked
        case untilClose
        /// As the head itself says, for an answer to HEAD.
        case asDeclared
    }

    /// Queues an answer's head with the fields that the connection needs.
    func queueHead(_ head: ResponseHead, more: Headers?, length: AnswerLength, isHTTP10: Bool = false) {
        let mayHaveBody = head.status >= 200 && head.status != 204 && head.status != 304
        let date = head.headers.contains("date") ? nil : server.dateText
        let keepsAlive = keepsAlive
        channel.queue { output in
            output.append("HTTP/1.1 ")
            output.append(decimal: head.status)
            output.append(" ")
            output.append(ReasonPhrase.of(head.status))
            output.appendLineEnd()
            if case .asDeclared = length {
                output.appendFields(head.headers, keepingLength: true)
            } else {
                output.appendFields(head.headers)
            }
            if let more { output.appendFields(more) }
            if let date {
                output.append("date: ")
                output.append(date)
                output.appendLineEnd()
            }
            if mayHaveBody { output.appendFraming(length) }
            if !keepsAlive {
                output.append("connection: close\r\n")
            } else if isHTTP10 {
                output.append("connection: keep-alive\r\n")
            }
            output.appendLineEnd()
        }
    }

    func queueContinue() {
        channel.queue { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
    }
}

extension OutputBuffer {
    fileprivate mutating func appendFraming(_ length: ServerConnection.AnswerLength) {
        switch length {
        case .count(let count):
            append("content-length: ")
            append(decimal: count)
            appendLineEnd()
        case .chunked: append("transfer-encoding: chunked\r\n")
        case .untilClose, .asDeclared: break
        }
    }
}
