internal import Driver

@testable internal import HTTP

/// Chunks are taken apart the same however they are cut, and what came out makes the same again.
enum ChunkProperty {
    static func check(_ bytes: [UInt8]) {
        let outcome = Delivery.agreed(bytes, read)
        Fuzzing.require(outcome.body.count <= bytes.count, "nothing is made up")
        let again = read([encode(outcome.body, in: max(1, bytes.count / 3))])
        Fuzzing.require(again.isEnded && again.body == outcome.body && again.left == 0, "the same again")
    }

    private struct Outcome: Equatable {
        var body: [UInt8] = []
        /// Bytes behind the last chunk.
        var left = 0
        var isEnded = false
        var isRefused = false
    }

    private static func read(_ pieces: [[UInt8]]) -> Outcome {
        var outcome = Outcome()
        var decoder = ChunkedDecoder(overheadMax: HTTPLimits().chunkOverheadBytesMax)
        for piece in pieces where !outcome.isRefused {
            piece.withUnsafeBytes { all in
                var position = 0
                do {
                    while !decoder.isEnded, position < all.count { outcome.body += all[try decoder.next(all, &position)] }
                } catch {
                    outcome.isRefused = true
                }
                if decoder.isEnded { outcome.left += all.count - position }
            }
        }
        outcome.isEnded = decoder.isEnded
        return outcome
    }

    private static func encode(_ body: [UInt8], in size: Int) -> [UInt8] {
        var output = OutputBuffer()
        for start in stride(from: 0, to: body.count, by: size) {
            let piece = Array(body[start..<min(start + size, body.count)])
            output.append(hexadecimal: piece.count)
            output.appendLineEnd()
            output.append(piece)
            output.appendLineEnd()
        }
        output.append("0\r\n\r\n")
        return output.withReadable { Array($0) }
    }
}
