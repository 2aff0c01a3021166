internal import HTTP

extension APIFault {
    /// `{"error":{message,type,param,code}}` with all four keys, as OpenAI's schema requires.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type)
        writer.optional("param", param)
        writer.optional("code", code)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ name: String, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }
}
