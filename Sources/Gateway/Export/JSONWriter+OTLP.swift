internal import HTTP

/// OTLP's JSON: its encoding of protocol buffers, with ids in hexadecimal and 64-bit numbers as strings.
extension JSONWriter {
    mutating func member(_ name: String, nanoseconds: Int64) { member(name, String(nanoseconds)) }

    mutating func attribute(_ name: String, _ value: String) { attribute(name, "stringValue") { $0.string(value) } }

    /// None where there is no value.
    mutating func attribute(_ name: String, _ value: String?) {
        if let value { attribute(name, value) }
    }

    mutating func attribute(_ name: String, _ value: some BinaryInteger) { attribute(name, "intValue") { $0.string(String(value)) } }
    mutating func attribute(_ name: String, _ value: Bool) { attribute(name, "boolValue") { $0.bool(value) } }
    mutating func attribute(_ name: String, _ value: Double) { attribute(name, "doubleValue") { $0.double(value) } }

    private mutating func attribute(_ name: String, _ kind: String, _ write: (inout JSONWriter) -> Void) {
        beginObject()
        member("key", name)
        self.name("value")
        beginObject()
        self.name(kind)
        write(&self)
        endObject()
        endObject()
    }

    mutating func attributes(_ write: (inout JSONWriter) -> Void) { array("attributes", write) }

    mutating func array(_ name: String, _ write: (inout JSONWriter) -> Void) {
        self.name(name)
        beginArray()
        write(&self)
        endArray()
    }

    mutating func object(_ write: (inout JSONWriter) -> Void) {
        beginObject()
        write(&self)
        endObject()
    }

    /// A whole message: what `write` makes, as told by this gateway. `kind` is such as `Spans`.
    static func telemetry(_ kind: String, _ items: String, _ resource: TelemetryResource, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 * 1024)
        writer.object { writer in
            writer.array("resource" + kind) { writer in
                writer.object { writer in
                    writer.name("resource")
                    writer.object { $0.attributes { resource.write(to: &$0) } }
                    writer.array("scope" + kind) { writer in
                        writer.object { writer in
                            writer.name("scope")
                            writer.object { writer in
                                writer.member("name", "charter-gateway")
                                writer.member("version", GatewayVersion.current)
                            }
                            writer.array(items, write)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}

/// Who tells: one gateway.
struct TelemetryResource {
    private let attributes: [ResourceAttribute]

    /// What the operator says goes before what the gateway knows of itself.
    init(_ given: [ResourceAttribute], gatewayID: String) {
        let own = [ResourceAttribute("service.version", GatewayVersion.current), ResourceAttribute("service.instance.id", gatewayID)]
        attributes = given + own.filter { attribute in !given.contains { $0.name == attribute.name } }
    }

    func write(to writer: inout JSONWriter) {
        for attribute in attributes { writer.attribute(attribute.name, attribute.value) }
    }
}
