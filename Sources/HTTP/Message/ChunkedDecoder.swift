/// Takes the chunked coding apart, any number of bytes at a time (RFC 9112 §7.1). Extensions and trailers are read,
/// bounded and dropped; a trailer that only a header may be is refused (RFC 9110 §6.5.1).
struct ChunkedDecoder {
    private enum State {
        case sizeStart, size, extensionText, sizeLineFeed
        case data, dataReturn, dataLineFeed
        case trailerStart, trailerName, trailerValue, trailerLineFeed, endLineFeed
        case ended
    }

    private var state = State.sizeStart
    private var size: UInt64 = 0
    private var sizeDigits = 0
    private var overhead = 0
    private var trailerName: [UInt8] = []
    private let overheadMax: Int

    /// Enough for any body, leading zeros included, and too few to overflow.
    private static let sizeDigitsMax = 14

    init(overheadMax: Int) { self.overheadMax = overheadMax }

    var isEnded: Bool { state == .ended }

    /// Moves `position` over the next piece of the body in `bytes` and returns where its data lies; an empty range when
    /// the bytes are used up or the body has ended.
    mutating func next(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MessageFault) -> Range<Int> {
        while position < bytes.count, state != .ended {
            if state == .data {
                let start = position
                let count = Int(min(UInt64(bytes.count - start), size))
                size -= UInt64(count)
                position += count
                if size == 0 { state = .dataReturn }
                return start..<position
            }
            try step(bytes[position])
            position += 1
        }
        return position..<position
    }

    private mutating func step(_ byte: UInt8) throws(MessageFault) {
        switch state {
        case .sizeStart, .size: try stepSize(byte)
        case .extensionText: try stepText(byte, then: .sizeLineFeed)
        case .sizeLineFeed: try expect(byte, Bytes.lineFeed, then: size == 0 ? .trailerStart : .data)
        case .dataReturn: try expect(byte, Bytes.carriageReturn, then: .dataLineFeed)
        case .dataLineFeed: try expect(byte, Bytes.lineFeed, then: .sizeStart)
        case .trailerStart: try stepTrailerStart(byte)
        case .trailerName: try stepTrailerName(byte)
        case .trailerValue: try stepText(byte, then: .trailerLineFeed)
        case .trailerLineFeed: try expect(byte, Bytes.lineFeed, then: .trailerStart)
        case .endLineFeed: try expect(byte, Bytes.lineFeed, then: .ended)
        case .data, .ended: break
        }
    }

    private mutating func stepSize(_ byte: UInt8) throws(MessageFault) {
        if let digit = Bytes.hexValue(byte) {
            if state == .sizeStart { (size, sizeDigits) = (0, 0) }
            size = size << 4 | UInt64(digit)
            sizeDigits += 1
            if sizeDigits > Self.sizeDigitsMax { throw .badRequest("A chunk size is too large.") }
            state = .size
        } else if state == .size, byte == Bytes.carriageReturn {
            state = .sizeLineFeed
        } else if state == .size, byte == UInt8(ascii: ";") {
            state = .extensionText
        } else {
            throw .badRequest("A chunk size is not a hexadecimal number.")
        }
    }

    private mutating func stepTrailerStart(_ byte: UInt8) throws(MessageFault) {
        if byte == Bytes.carriageReturn {
            state = .endLineFeed
        } else {
            state = .trailerName
            guard byte != Bytes.colon else { throw .badRequest("A trailer name is empty.") }
            try stepTrailerName(byte)
        }
    }

    private mutating func stepTrailerName(_ byte: UInt8) throws(MessageFault) {
        try countOverhead()
        if byte == Bytes.colon {
            if trailerName.withUnsafeBytes(HeaderOnly.contains) { throw .badRequest("A trailer is one that only a header may be.") }
            trailerName = []
            state = .trailerValue
        } else if Bytes.isToken(byte) {
            trailerName.append(byte)
        } else {
            throw .badRequest("A trailer name holds an illegal character.")
        }
    }

    private mutating func stepText(_ byte: UInt8, then next: State) throws(MessageFault) {
        try countOverhead()
        if byte == Bytes.carriageReturn {
            state = next
        } else if !Bytes.isFieldContent(byte) {
            throw .badRequest("A chunk extension or trailer holds a control character.")
        }
    }

    private mutating func expect(_ byte: UInt8, _ wanted: UInt8, then next: State) throws(MessageFault) {
        guard byte == wanted else { throw .badRequest("A chunk does not end with CR LF.") }
        state = next
    }

    private mutating func countOverhead() throws(MessageFault) {
        overhead += 1
        if overhead > overheadMax { throw .badRequest("The chunked body carries too much beside its data.") }
    }
}
