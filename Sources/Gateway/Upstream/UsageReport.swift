internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// The usage that a provider reports, in OpenAI's shape.
enum UsageReport {
    /// Nil when the value is no usage object, lacks the input count, or counts more than `bounds`: such a report is not
    /// believed, and the answer is booked as estimated. `flags` gets what is doubtful.
    static func read(_ value: JSONValue?, within bounds: UsageBounds, noting flags: inout UsageFlags) -> Usage? {
        guard let members = value?.object() else { return nil }
        // One walk over the members, as each look-up by name would be another.
        var usual = Terms()
        var other = Terms()
        for member in members {
            if member.isNamed("prompt_tokens") { usual.input = member.value }
            else if member.isNamed("completion_tokens") { usual.output = member.value }
            else if member.isNamed("prompt_tokens_details") { usual.inputDetails = member.value }
            else if member.isNamed("completion_tokens_details") { usual.outputDetails = member.value }
            else if member.isNamed("input_tokens") { other.input = member.value }
            else if member.isNamed("output_tokens") { other.output = member.value }
            else if member.isNamed("input_tokens_details") { other.inputDetails = member.value }
            else if member.isNamed("output_tokens_details") { other.outputDetails = member.value }
            // As transcriptions have it.
            else if member.isNamed("input_token_details") { other.inputDetails = member.value }
        }
        guard let input = count(usual.input ?? other.input, atMost: bounds.input, &flags), input >= 0,
            let output = count(usual.output ?? other.output, otherwise: 0, atMost: bounds.output, &flags), output >= 0
        else { return nil }
        var usage = Usage(input: input, output: output)
        read((usual.inputDetails ?? other.inputDetails)?.object(), ofInput: &usage, &flags)
        read((usual.outputDetails ?? other.outputDetails)?.object(), ofOutput: &usage, &flags)
        return usage
    }

    private static func read(_ details: JSONObject?, ofInput usage: inout Usage, _ flags: inout UsageFlags) {
        guard let details else { return }
        for part in details {
            if part.isNamed("cached_tokens") { usage.cacheRead = count(part, of: usage.input, &flags) }
            else if part.isNamed("cache_write_tokens") { usage.cacheWrite = count(part, of: usage.input, &flags) }
            else if part.isNamed("audio_tokens") { note(.audioInput, part, of: usage.input, in: &usage, &flags) }
            else if part.isNamed("image_tokens") { note(.imageInput, part, of: usage.input, in: &usage, &flags) }
            else if part.isNamed("video_tokens") { note(.videoInput, part, of: usage.input, in: &usage, &flags) }
        }
    }

    private static func read(_ details: JSONObject?, ofOutput usage: inout Usage, _ flags: inout UsageFlags) {
        guard let details else { return }
        for part in details {
            if part.isNamed("reasoning_tokens") { usage.reasoning = count(part, of: usage.output, &flags) }
            else if part.isNamed("audio_tokens") { note(.audioOutput, part, of: usage.output, in: &usage, &flags) }
            else if part.isNamed("image_tokens") { note(.imageOutput, part, of: usage.output, in: &usage, &flags) }
            else if part.isNamed("video_tokens") { note(.videoOutput, part, of: usage.output, in: &usage, &flags) }
        }
    }

    /// `absent` where there is no value; nil where it is no count; below zero where the provider's is.
    private static func count(
        _ value: JSONValue?, otherwise absent: Int64? = nil, atMost most: Int64, _ flags: inout UsageFlags
    ) -> Int64? {
        guard let value, !value.isNull else { return absent }
        guard let count = value.int() else {
            // More digits than fit: no fraction, and no other kind of value.
            if value.kind == .number, value.text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { flags.insert(.tooLarge) }
            return nil
        }
        if count < 0 { flags.insert(.negative) }
        guard count <= most else {
            flags.insert(.tooLarge)
            return nil
        }
        return count
    }

    /// A count within one of the two that are billed: nothing is better than nonsense, and no part is more than its whole.
    private static func count(_ part: JSONMember, of whole: Int64, _ flags: inout UsageFlags) -> Int64 {
        let told = count(part.value, atMost: UsageBounds.widest.input, &flags) ?? 0
        return min(max(0, told), whole)
    }

    private static func note(
        _ meter: Meter, _ part: JSONMember, of whole: Int64, in usage: inout Usage, _ flags: inout UsageFlags
    ) {
        let count = count(part, of: whole, &flags)
        if count > 0 { usage.other[meter] = count }
    }

    /// The members of a usage object under one of their two sets of names.
    private struct Terms {
        var input: JSONValue?
        var output: JSONValue?
        var inputDetails: JSONValue?
        var outputDetails: JSONValue?
    }

    /// Finds the usage at the end of an answer too large to be kept whole.
    static func readTail(_ tail: [UInt8], within bounds: UsageBounds, noting flags: inout UsageFlags) -> Usage? {
        inTail(tail) { read($0, within: bounds, noting: &flags) }
    }

    /// The last usage object of a text of which only the end is there.
    static func inTail<Report>(_ tail: [UInt8], _ read: (JSONValue) -> Report?) -> Report? {
        let name = Array(#""usage""#.utf8)
        guard var start = tail.lastRange(of: name) else { return nil }
        while start < tail.count, tail[start] != UInt8(ascii: "{") { start += 1 }
        var depth = 0
        for index in start..<tail.count {
            if tail[index] == UInt8(ascii: "{") { depth += 1 }
            if tail[index] == UInt8(ascii: "}") { depth -= 1 }
            guard depth == 0 else { continue }
            return tail[start...index].withUnsafeBytes { bytes in (try? JSONScan(bytes)).flatMap { read($0.root) } }
        }
        return nil
    }

    /// Finds the class of service in the beginning or at the end of such an answer; within a text its name would have its quotes escaped.
    static func serviceTier(in part: [UInt8]) -> String? {
        guard let end = part.lastRange(of: Array(#""service_tier""#.utf8)) else { return nil }
        let colon = part[end...].drop(while: isSpace)
        guard colon.first == UInt8(ascii: ":") else { return nil }
        let value = colon.dropFirst().drop(while: isSpace)
        guard value.first == UInt8(ascii: "\""), let close = value.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return String(decoding: value[..<close].dropFirst(), as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
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
