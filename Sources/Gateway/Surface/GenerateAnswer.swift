internal import HTTP
internal import Policy
internal import Spec

/// An answer of `/generate`: `{"response","tokens_used","cost"}`, the cost in exact dollars.
struct GenerateAnswer {
    let bytes: [UInt8]

    /// From a whole chat completion; one without text has an empty response.
    init(_ completion: [UInt8], _ usage: Usage, cost: NanoUSD) {
        var writer = JSONWriter(capacity: completion.count + 64)
        writer.beginObject()
        writer.name("response")
        completion.withUnsafeBytes { bytes in
            if let content = Self.content(bytes), content.kind == .string { writer.raw(content.text) } else { writer.string("") }
        }
        writer.member("tokens_used", usage.tokens)
        writer.name("cost")
        writer.raw(cost.dollars)
        writer.endObject()
        bytes = writer.bytes
    }

    private static func content(_ bytes: UnsafeRawBufferPointer) -> JSONValue? {
        (try? JSONScan(bytes))?["choices"]?.array()?.first { _ in true }?.object()?["message"]?.object()?["content"]
    }
}
