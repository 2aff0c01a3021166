internal import HTTP
internal import Policy

/// The usage that a provider reports, in OpenAI's shape.
enum UsageReport {
    /// Nil when the value is no usage object or lacks the input count.
    static func read(_ value: JSONValue?) -> Usage? {
        guard let usage = value?.object() else { return nil }
        guard let input = (usage["prompt_tokens"] ?? usage["input_tokens"])?.int() else { return nil }
        let output = (usage["completion_tokens"] ?? usage["output_tokens"])?.int() ?? 0
        let inputDetails = (usage["prompt_tokens_details"] ?? usage["input_tokens_details"])?.object()
        let outputDetails = (usage["completion_tokens_details"] ?? usage["output_tokens_details"])?.object()
        return Usage(
            input: max(0, input), output: max(0, output),
            cacheRead: max(0, inputDetails?["cached_tokens"]?.int() ?? 0),
            cacheWrite: max(0, inputDetails?["cache_write_tokens"]?.int() ?? 0),
            reasoning: max(0, outputDetails?["reasoning_tokens"]?.int() ?? 0))
    }

    /// Finds the usage at the end of an answer too large to be kept whole.
    static func readTail(_ tail: [UInt8]) -> Usage? {
        let name = Array(#""usage""#.utf8)
        guard var start = tail.lastRange(of: name) else { return nil }
        while start < tail.count, tail[start] != UInt8(ascii: "{") { start += 1 }
        var depth = 0
        for index in start..<tail.count {
            if tail[index] == UInt8(ascii: "{") { depth += 1 }
            if tail[index] == UInt8(ascii: "}") { depth -= 1 }
            guard depth == 0 else { continue }
            return tail[start...index].withUnsafeBytes { bytes in
                (try? JSONScan(bytes)).flatMap { read($0.root) }
            }
        }
        return nil
    }
}

extension [UInt8] {
    /// Where the last occurrence of `needle` ends.
    fileprivate func lastRange(of needle: [UInt8]) -> Int? {
        guard count >= needle.count else { return nil }
        for start in stride(from: count - needle.count, through: 0, by: -1)
        where self[start] == needle[0] && self[start..<(start + needle.count)].elementsEqual(needle) {
            return start + needle.count
        }
        return nil
    }
}
