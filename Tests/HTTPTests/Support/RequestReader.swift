@testable import HTTP

/// Reads a byte stream as the server does, without sockets, and tells what it took it for.
struct RequestReader {
    enum Event: Equatable, Sendable, CustomStringConvertible {
        /// `METHOD target [body]`
        case request(String)
        case refused(Int)

        var description: String {
            switch self {
            case .request(let text): text
            case .refused(let status): "refused \(status)"
            }
        }
    }

    private(set) var events: [Event] = []
    private var limits = HTTPLimits()
    private var buffer: [UInt8] = []
    private var scanner = HeadScanner()
    private var current: (line: String, decoder: BodyDecoder, body: [UInt8])?
    private var isOver = false

    static func events(_ pieces: [[UInt8]]) -> [Event] {
        var reader = RequestReader()
        for piece in pieces { reader.feed(piece) }
        return reader.events
    }

    mutating func feed(_ piece: [UInt8]) {
        guard !isOver else { return }
        buffer += piece
        do {
            while try takeHead() || takeBody() {}
        } catch {
            events.append(.refused((error as? MessageFault)?.status ?? 0))
            isOver = true
        }
    }

    private mutating func takeHead() throws -> Bool {
        guard current == nil else { return false }
        let bytes = buffer
        guard let end = try bytes.withUnsafeBytes({ bytes in
            try scanner.scan(bytes, firstLineMax: limits.targetBytesMax, headMax: limits.headBytesMax)
        }) else { return false }
        let start = scanner.start
        let max = limits.headerCountMax
        let request = try bytes.withUnsafeBytes { all in
            try ParsedRequest.parse(UnsafeRawBufferPointer(rebasing: all[start..<end]), headerCountMax: max)
        }
        scanner = HeadScanner()
        buffer.removeFirst(end)
        let decoder = BodyDecoder(request.framing, chunkOverheadMax: limits.chunkOverheadBytesMax)
        current = ("\(request.head.method) \(request.head.target)", decoder, [])
        return true
    }

    private mutating func takeBody() throws -> Bool {
        guard case (let line, var decoder, var body)? = current else { return false }
        var position = 0
        let bytes = buffer
        try bytes.withUnsafeBytes { all in
            while !decoder.isEnded, position < all.count { body += all[try decoder.next(all, &position)] }
        }
        buffer.removeFirst(position)
        current = (line, decoder, body)
        guard decoder.isEnded else { return false }
        events.append(.request("\(line) [\(String(decoding: body, as: UTF8.self))]"))
        current = nil
        return true
    }
}

/// The three ways in which a fixture arrives: whole, byte by byte, and in two pieces cut at every place.
func deliveries(of bytes: [UInt8]) -> [[[UInt8]]] {
    [[bytes], bytes.map { [$0] }] + (1..<max(1, bytes.count)).map { [[UInt8](bytes[..<$0]), [UInt8](bytes[$0...])] }
}
