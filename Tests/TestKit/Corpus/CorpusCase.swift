/// The bytes of a client and what a strict server takes them for. Named after what is odd about them.
package struct CorpusCase: Sendable {
    /// The row of the checklist that the case belongs to: cases of one row have one reason.
    package let row: Int
    package let name: String
    package let wire: [UInt8]
    /// What the server takes the bytes for, in order. A refusal is the last and closes the connection.
    package let events: [RequestEvent]
    /// Whether the server closes after the last answer though it refused nothing.
    package var closes = false

    package var isRefused: Bool { if case .refused = events.last { true } else { false } }

    init(_ row: Int, _ name: String, _ wire: String, _ events: [RequestEvent], closes: Bool = false) {
        self.init(row, name, bytes: [UInt8](wire.utf8), events, closes: closes)
    }

    init(_ row: Int, _ name: String, bytes: [UInt8], _ events: [RequestEvent], closes: Bool = false) {
        self.row = row
        self.name = name
        wire = bytes
        self.events = events
        self.closes = closes
    }
}

/// What a server took a piece of a connection's bytes for.
package enum RequestEvent: Equatable, Sendable, CustomStringConvertible {
    /// `METHOD target [body]`
    case request(String)
    case refused(Int)

    package var description: String {
        switch self {
        case .request(let text): text
        case .refused(let status): "refused \(status)"
        }
    }
}

extension CorpusCase {
    static func refused(_ row: Int, _ name: String, _ status: Int, _ wire: String) -> CorpusCase {
        CorpusCase(row, name, wire, [.refused(status)])
    }

    static func taken(_ row: Int, _ name: String, _ wire: String, as requests: String...) -> CorpusCase {
        CorpusCase(row, name, wire, requests.map { .request($0) })
    }

    /// A GET whose only oddity is `line`, a header line.
    static func header(_ row: Int, _ name: String, _ status: Int, _ line: String) -> CorpusCase {
        refused(row, name, status, "GET / HTTP/1.1\r\nHost: t\r\n\(line)\r\n\r\n")
    }

    /// The same where the line holds bytes that are no UTF-8.
    static func header(_ row: Int, _ name: String, _ status: Int, bytes: [UInt8]) -> CorpusCase {
        let wire = [UInt8]("GET / HTTP/1.1\r\nHost: t\r\n".utf8) + bytes + [UInt8]("\r\n\r\n".utf8)
        return CorpusCase(row, name, bytes: wire, [.refused(status)])
    }

    /// A header line that is taken.
    static func header(_ row: Int, _ name: String, bytes: [UInt8]) -> CorpusCase {
        let wire = [UInt8]("GET / HTTP/1.1\r\nHost: t\r\n".utf8) + bytes + [UInt8]("\r\n\r\n".utf8)
        return CorpusCase(row, name, bytes: wire, [.request("GET / []")])
    }

    /// A POST with the framing headers `framing` and `body` behind them.
    static func framing(_ row: Int, _ name: String, _ status: Int, _ framing: String, body: String = "hello") -> CorpusCase {
        refused(row, name, status, "POST / HTTP/1.1\r\nHost: t\r\n\(framing)\r\n\r\n\(body)")
    }

    static func chunks(_ row: Int, _ name: String, _ status: Int, _ body: String) -> CorpusCase {
        framing(row, name, status, "Transfer-Encoding: chunked", body: body)
    }

    static func chunks(_ row: Int, _ name: String, _ body: String, as text: String) -> CorpusCase {
        taken(row, name, "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", as: "POST / [\(text)]")
    }

    /// A request whose only oddity is its first line.
    static func line(_ row: Int, _ name: String, _ status: Int, _ line: String) -> CorpusCase {
        refused(row, name, status, "\(line)\r\nHost: t\r\n\r\n")
    }

    static func line(_ row: Int, _ name: String, _ line: String, as text: String) -> CorpusCase {
        taken(row, name, "\(line)\r\nHost: t\r\n\r\n", as: "\(text) []")
    }

    /// A GET with `lines` in place of its Host.
    static func host(_ name: String, _ lines: String) -> CorpusCase {
        refused(27, name, 400, "GET / HTTP/1.1\r\n\(lines)\r\n")
    }
}

/// Everything of the checklist that bytes alone can show.
package enum Corpus {
    package static let all = framing + chunks + headers + requestLines + targets + hosts + bodies
}
