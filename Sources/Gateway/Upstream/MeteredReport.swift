internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What an answer in pictures or sound tells of its own size.
struct MeteredReport {
    private(set) var tokens: Usage?
    /// Of speech that was written down, rounded up.
    private(set) var seconds: Int64?
    private(set) var images: Int64?

    /// Of a whole answer. What is beyond `bounds`, or longer than its recording can be, is not believed, and `flags` tells so.
    init(_ scan: JSONScan, _ asked: AskedAnswer, within bounds: UsageBounds, noting flags: inout UsageFlags) {
        read(scan["usage"], asked, bounds, &flags)
        if seconds == nil, asked.endpoint.hearsSpeech { seconds = Self.seconds(scan["duration"], asked, &flags) }
        // More than were asked for are nobody's order.
        if asked.endpoint.makesImages, let list = scan["data"]?.array() { images = list.reduce(Int64(0)) { count, _ in count + 1 } }
        images = images.map { min($0, Int64(asked.choices)) }
    }

    /// Of the end of an answer that was passed on as it came, whether in one piece or as events.
    init(tail: [UInt8], _ asked: AskedAnswer, within bounds: UsageBounds, noting flags: inout UsageFlags) {
        let found = UsageReport.inTail(tail) { value -> MeteredReport? in
            var report = MeteredReport()
            report.read(value, asked, bounds, &flags)
            return report
        }
        self = found ?? MeteredReport()
    }

    private init() {}

    /// Counted by the piece or the second; nil where the answer does not tell.
    func units(at endpoint: Endpoint) -> Int64? { endpoint.makesImages ? images : endpoint.hearsSpeech ? seconds : nil }

    private mutating func read(_ value: JSONValue?, _ asked: AskedAnswer, _ bounds: UsageBounds, _ flags: inout UsageFlags) {
        tokens = UsageReport.read(value, within: bounds, noting: &flags)
        tokens?.attributeToMedia(at: asked.endpoint)
        if asked.endpoint.hearsSpeech { seconds = Self.seconds(value?.object()?["seconds"], asked, &flags) }
    }

    /// Some write the number as a text.
    private static func seconds(_ value: JSONValue?, _ asked: AskedAnswer, _ flags: inout UsageFlags) -> Int64? {
        guard let value, value.kind == .number || value.kind == .string,
            let seconds = Double(value.string() ?? String(decoding: value.text, as: UTF8.self)), seconds.isFinite
        else { return nil }
        if seconds < 0 { flags.insert(.negative) }
        guard seconds >= 0 else { return nil }
        guard seconds <= Double(asked.media.secondsBelievedMax) else {
            flags.insert(.tooLarge)
            return nil
        }
        return Int64(seconds.rounded(.up))
    }
}
