internal import HTTP

/// The model list, and one model of it.
enum ModelAnswer {
    /// 2024-01-01T00:00:00Z; constant, so that the list is.
    private static let created = 1_704_067_200

    static func list(_ models: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("object", "list")
        writer.name("data")
        writer.beginArray()
        for model in models { append(model, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    static func one(_ model: String) -> [UInt8] {
        var writer = JSONWriter()
        append(model, to: &writer)
        return writer.bytes
    }

    private static func append(_ model: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", model)
        writer.member("object", "model")
        writer.member("created", created)
        writer.member("owned_by", "simulator")
        writer.endObject()
    }
}
