@testable import HTTP

// The fuzzers read with this too, and have the corpus beside it.
#if canImport(TestKit)
import TestKit
#endif

/// Reads a byte stream as the server does, without sockets, and tells what it took it for.
struct RequestReader {
    private(set) var events: [RequestEvent] = []
    private let limits = HTTPLimits()
    private var buffer: [UInt8] = []
    private var scanner = HeadScanner()
    private var current: (request: ParsedRequest, decoder: BodyDecoder, body: [UInt8])?
    private var isOver = false

    /// The longest body that the servers of these tests take.
    static let bodyBytesMax = 1 << 20

    static func events(_ pieces: [[UInt8]]) -> [RequestEvent] {
        var reader = RequestReader()
        for piece in pieces { reader.feed(piece) }
        return reader.events
    }

    mutating func feed(_ piece: [UInt8]) {
        buffer += piece
        do {
            while try !isOver && (takeHead() || takeBody()) {}
        } catch {
            events.append(.refused((error as? MessageFault)?.status ?? 0))
            isOver = true
        }
    }

    private mutating func takeHead() throws -> Bool {
        guard current == nil else { return false }
        let bytes = buffer
        guard let end = try bytes.withUnsafeBytes({ try scanner.scan($0, limits.head) }) else { return false }
        let start = scanner.start
        let max = limits.headerCountMax
        let request = try bytes.withUnsafeBytes { all in
            try ParsedRequest.parse(UnsafeRawBufferPointer(rebasing: all[start..<end]), headerCountMax: max)
        }
        if case .length(let count) = request.framing, count > Self.bodyBytesMax { throw MessageFault.bodyTooLarge }
        scanner = HeadScanner()
        buffer.removeFirst(end)
        current = (request, BodyDecoder(request.framing, chunkOverheadMax: limits.chunkOverheadBytesMax), [])
        return true
    }

    private mutating func takeBody() throws -> Bool {
        guard case (let request, var decoder, var body)? = current else { return false }
        var position = 0
        let bytes = buffer
        try bytes.withUnsafeBytes { all in
            while !decoder.isEnded, position < all.count { body += all[try decoder.next(all, &position)] }
        }
        buffer.removeFirst(position)
        current = (request, decoder, body)
        guard decoder.isEnded else { return false }
        events.append(.request("\(request.head.method) \(request.head.target) [\(String(decoding: body, as: UTF8.self))]"))
        isOver = !request.keepsAlive
        current = nil
        return true
    }
}
