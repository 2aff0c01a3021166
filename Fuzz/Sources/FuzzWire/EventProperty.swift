internal import Driver

@testable internal import HTTP

/// Event streams are read the same however they are cut, and their blocks put together are the stream.
enum EventProperty {
    static func check(_ bytes: [UInt8]) {
        let events = Delivery.agreed(bytes) { pieces in
            let read = read(pieces)
            Fuzzing.require(read.raw == bytes || read.isTooLarge, "the blocks and the rest are the stream")
            // Of a CR and LF that are cut, the LF goes with the next block, so the raw bytes are not compared one by one.
            return read.events
        }
        for event in events where !event.hasData { Fuzzing.require(event.data.isEmpty, "no data of no field") }
    }

    private struct Event: Equatable {
        var name: [UInt8]
        var data: [UInt8]
        var hasData: Bool
    }

    private static func read(_ pieces: [[UInt8]]) -> (events: [Event], raw: [UInt8], isTooLarge: Bool) {
        // Small, so that the limit is met too.
        var parser = SSEParser(eventBytesMax: 1024)
        var events: [Event] = []
        var raw: [UInt8] = []
        for piece in pieces {
            do {
                try piece.withUnsafeBytes { bytes in
                    try parser.feed(bytes) { event in
                        raw += event.raw
                        events.append(Event(name: Array(event.name), data: Array(event.data), hasData: event.hasData))
                    }
                }
            } catch {
                return (events, raw, true)
            }
        }
        return (events, raw + parser.unfinished, false)
    }
}
