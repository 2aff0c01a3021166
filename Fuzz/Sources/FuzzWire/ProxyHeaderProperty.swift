internal import Driver

@testable internal import HTTP

/// A PROXY header is the same however it is cut, and takes no more bytes than came.
enum ProxyHeaderProperty {
    static func check(_ bytes: [UInt8]) {
        let outcome = Delivery.agreed(bytes, read)
        guard case .header(let header) = outcome else { return }
        Fuzzing.require((1...min(bytes.count, ProxyHeader.bytesMax)).contains(header.count), "within what came: \(header)")
        // Nothing behind a header is part of it.
        Fuzzing.require(read([Array(bytes[..<header.count])]) == outcome, "the same without what follows")
        if header.count < bytes.count { Fuzzing.require(read([bytes + [0x0a]]) == outcome, "the same with more behind it") }
    }

    private enum Outcome: Equatable {
        case header(ProxyHeader)
        case refused
        case unfinished
    }

    private static func read(_ pieces: [[UInt8]]) -> Outcome {
        var buffer: [UInt8] = []
        for piece in pieces {
            buffer += piece
            do {
                if let header = try buffer.withUnsafeBytes({ try ProxyHeader.parse($0) }) { return .header(header) }
            } catch {
                return .refused
            }
        }
        return .unfinished
    }
}
