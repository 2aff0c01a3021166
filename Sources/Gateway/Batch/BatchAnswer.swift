internal import HTTP

/// The answer of `/api/v1/batch`: `{"results":[{"index","id","status","decision","cost","body"}]}` in the order of the requests, with `error` in
/// place of `body` where a request failed.
struct BatchAnswer {
    let bytes: [UInt8]

    init(_ ids: [[UInt8]?], _ items: [BatchItem]) {
        var writer = JSONWriter(capacity: items.reduce(64) { $0 + $1.answer.count + 128 })
        writer.beginObject()
        writer.name("results")
        writer.beginArray()
        for (index, item) in items.enumerated() {
            writer.beginObject()
            writer.member("index", index)
            if let id = ids[index] {
                writer.name("id")
                writer.raw(id)
            }
            writer.item(item)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        bytes = writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func item(_ item: BatchItem) {
        member("status", item.status)
        if let decision = item.headers["x-charter-decision"] { member("decision", decision) }
        if let model = item.headers["x-charter-model"] { member("model", model) }
        if let cost = item.headers["x-charter-cost-usd"] {
            name("cost")
            raw(cost)
        }
        let isGood = (200..<300).contains(item.status)
        name(isGood ? "body" : "error")
        item.answer.withUnsafeBytes { bytes in
            guard let scan = try? JSONScan(bytes) else { return string(String(decoding: bytes, as: UTF8.self)) }
            raw(isGood ? scan.root.text : scan["error"]?.text ?? scan.root.text)
        }
    }
}
