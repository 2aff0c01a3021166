/// How the body of a message is delimited (RFC 9112 §6.3).
enum BodyFraming: Equatable {
    case none
    case length(Int)
    case chunked
    /// Until the connection ends; answers only.
    case untilClose
}

/// Takes a body out of the bytes of its connection.
struct BodyDecoder {
    private enum State {
        case length(Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private var state: State

    init(_ framing: BodyFraming, chunkOverheadMax: Int) {
        state = switch framing {
        case .none: .length(0)
        case .length(let count): .length(count)
        case .chunked: .chunked(ChunkedDecoder(overheadMax: chunkOverheadMax))
        case .untilClose: .untilClose
        }
    }

    var isEnded: Bool {
        switch state {
        case .length(let left): left == 0
        case .chunked(let decoder): decoder.isEnded
        case .untilClose: false
        }
    }

    /// Bytes still to come; nil when the framing does not say.
    var remaining: Int? {
        if case .length(let left) = state { left } else { nil }
    }

    /// Whether the end of the connection is the end of the body.
    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// Moves `position` over the next piece of the body in `bytes` and returns where its data lies; an empty range when
    /// the bytes are used up or the body has ended.
    mutating func next(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MessageFault) -> Range<Int> {
        let start = position
        switch state {
        case .length(let left):
            let count = min(left, bytes.count - start)
            position += count
            state = .length(left - count)
        case .chunked(var decoder):
            // Taken out and put back: a decoder that has failed is never asked again.
            let range = try decoder.next(bytes, &position)
            state = .chunked(decoder)
            return range
        case .untilClose:
            position = bytes.count
        }
        return start..<position
    }
}
