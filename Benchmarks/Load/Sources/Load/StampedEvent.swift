/// An event of a chat stream whose content says when it was sent and which it is: `"content":"<nanoseconds> <number>"`.
struct StampedEvent {
    var stamp: Int
    var number: Int

    private static let mark = Array(#""content":""#.utf8)

    /// As a chunk of HTTP.
    static func chunk(stamp: Int, number: Int) -> [UInt8] {
        chunk(
            "data: {\"id\":\"chatcmpl-9f2c5b71\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,"
                + "\"delta\":{\"content\":\"\(stamp) \(number)\"}}]}\n\n")
    }

    static func chunk(_ text: String) -> [UInt8] { Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8) }

    /// Finds the stamps and numbers in what was read, however it is cut; `rest` carries over what is not whole.
    static func scan(_ bytes: UnsafeRawBufferPointer, rest: inout [UInt8], into found: inout [StampedEvent]) {
        if rest.isEmpty { return keepRest(bytes, of: scan(bytes, &found), &rest) }
        let joined = rest + bytes
        joined.withUnsafeBytes { keepRest($0, of: scan($0, &found), &rest) }
    }

    private static func keepRest(_ bytes: UnsafeRawBufferPointer, of end: Int, _ rest: inout [UInt8]) {
        rest.removeAll(keepingCapacity: true)
        rest += bytes[max(end, bytes.count - longest)...]
    }

    /// More than a mark, a stamp and a number take.
    private static let longest = 64

    /// Where the last whole one ended.
    private static func scan(_ bytes: UnsafeRawBufferPointer, _ found: inout [StampedEvent]) -> Int {
        var index = 0
        var end = 0
        while index + mark.count < bytes.count {
            guard bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) else {
                index += 1
                continue
            }
            index += mark.count
            guard let stamp = number(bytes, &index, before: UInt8(ascii: " ")),
                let order = number(bytes, &index, before: UInt8(ascii: "\""))
            else { break }
            found.append(StampedEvent(stamp: stamp, number: order))
            end = index
        }
        return end
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ index: inout Int, before end: UInt8) -> Int? {
        var value = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == end { return value }
            guard byte >= 48, byte < 58 else { return nil }
            value = value &* 10 &+ Int(byte - 48)
        }
        return nil
    }
}
