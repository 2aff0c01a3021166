internal import Driver

@testable internal import HTTP

/// Requests are read the same however they are cut, and what is sent on of them is read as the same again.
enum RequestProperty {
    static func check(_ bytes: [UInt8]) {
        let events = Delivery.agreed(bytes, RequestReader.events)
        guard case .request = events.first else { return }
        checkForwarding(bytes)
    }

    /// The first request as the client side writes it: nothing of it may turn into another one.
    private static func checkForwarding(_ bytes: [UInt8]) {
        guard let (request, _) = read(bytes, HTTPLimits()), request.head.target != "*" else { return }
        for (_, value) in fields(request.head.headers) {
            Fuzzing.require(value.allSatisfy(Bytes.isFieldContent), "a value without controls: \(value)")
        }
        let body: [UInt8] = [0x62, 0x6f, 0x64, 0x79]
        let sent = OutboundRequest(
            method: request.head.method, origin: Origin(scheme: .http, host: "t"), target: request.head.target,
            headers: request.head.headers, body: body)
        Fuzzing.require(sent.isWritable, "what was taken can be sent: \(request.head.target)")
        var output = OutputBuffer()
        sent.write(to: &output)
        let written = output.withReadable { Array($0) }
        guard let (again, end) = read(written, Self.wider) else { return Fuzzing.require(false, "read again: \(written)") }
        Fuzzing.require(again.head.method == request.head.method && again.head.target == request.head.target, "the same line")
        Fuzzing.require(again.framing == .length(body.count), "framed by its length: \(again.framing)")
        let kept = fields(request.head.headers).filter { !["host", "content-length"].contains($0.name) }
        let got = fields(again.head.headers).filter { !["host", "content-length"].contains($0.name) }
        Fuzzing.require(kept.elementsEqual(got, by: ==), "the same fields")
        let length = fields(again.head.headers).count { $0.name == "content-length" }
        Fuzzing.require(length == 1 && end + body.count == written.count, "one request of one length")
    }

    private static func fields(_ headers: Headers) -> [(name: String, value: [UInt8])] {
        var all: [(String, [UInt8])] = []
        headers.forEach { all.append((String(decoding: $0, as: UTF8.self).lowercased(), Array($1))) }
        return all
    }

    /// Room for the fields that the client side adds.
    private static let wider: HTTPLimits = {
        var limits = HTTPLimits()
        limits.headerCountMax += 2
        limits.headBytesMax += 100
        return limits
    }()

    /// The first request and where its head ends.
    private static func read(_ bytes: [UInt8], _ limits: HTTPLimits) -> (ParsedRequest, Int)? {
        bytes.withUnsafeBytes { all in
            var scanner = HeadScanner()
            guard let end = try? scanner.scan(all, limits.head) else { return nil }
            let head = UnsafeRawBufferPointer(rebasing: all[scanner.start..<end])
            guard let request = try? ParsedRequest.parse(head, headerCountMax: limits.headerCountMax) else { return nil }
            return (request, end)
        }
    }
}
