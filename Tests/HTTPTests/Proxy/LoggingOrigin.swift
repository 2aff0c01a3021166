/// An origin that keeps every byte it is sent, and answers whatever looks like a request, as a careless server would: it
/// believes the first Content-Length alone.
final class LoggingOrigin: Sendable {
    private let server: RawServer
    private let log: Locked<[String]>

    /// `answer` gives the bytes to send for a request as it came; nil closes the connection without an answer.
    init(_ answer: @escaping @Sendable (_ request: String) -> String? = { _ in LoggingOrigin.ok }) throws {
        let log = Locked<[String]>([])
        self.log = log
        server = try RawServer { peer, _ in
            while let request = peer.receiveRequest() {
                log.change { $0.append(request) }
                guard let text = answer(request), peer.send(text) else { return }
            }
            let rest = peer.unread
            if !rest.isEmpty { log.change { $0.append("unfinished: " + rest) } }
        }
    }

    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    var port: UInt16 { server.port }
    var connections: Int { server.accepted.value }

    /// Heads with their bodies, as they came.
    var requests: [String] { log.value }

    /// First lines and bodies of what came: `POST /a [body]`.
    var summary: [String] {
        requests.map { request in
            let parts = request.components(separatedBy: "\r\n\r\n")
            let line = request.components(separatedBy: " HTTP/1.1\r\n")[0]
            return "\(line) [\(parts.dropFirst().joined(separator: "\r\n\r\n"))]"
        }
    }
}
