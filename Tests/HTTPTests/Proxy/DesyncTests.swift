import TestKit
import Testing

/// Whether the two sides of the proxy can be made to see two different messages.
///
/// Each gadget is sent as `POST /a` whose body, by its Content-Length, holds chunks and a request behind them, and then
/// `GET /b`. The proxy may refuse, or show its upstream exactly these two with the whole body. Never may the upstream see the
/// request that is hidden in the body, or the body's chunk alone.
@Suite struct DesyncTests {
    private static let body = "1\r\nZ\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n"

    @Test func `knows as many gadgets as others do`() {
        #expect(TransferEncodingGadget.families.reduce(0) { $0 + $1.gadgets.count } >= 1768)
    }

    @Test(arguments: TransferEncodingGadget.families.indices, ["Content-Length", "none"])
    func `takes nothing apart differently than its upstream does`(_ index: Int, _ other: String) throws {
        let origin = try LoggingOrigin()
        let proxy = try TestProxy(to: origin.port)
        var seen = 0
        for gadget in TransferEncodingGadget.families[index].gadgets {
            let answers = try statuses(gadget, withLength: other == "Content-Length", proxy)
            let requests = Array(origin.summary[seen...])
            seen += requests.count
            let isPlain = other == "Content-Length" && !gadget.endsHead
            guard let fault = fault(requests, answers, bodyIsKnown: isPlain) else { continue }
            Issue.record("\(gadget.name): \(fault); the upstream saw \(requests), the client \(answers)")
        }
    }

    private func statuses(_ gadget: TransferEncodingGadget, withLength: Bool, _ proxy: TestProxy) throws -> [String] {
        let connection = try RawConnection(port: proxy.port)
        let length = withLength ? "Content-Length: \(Self.body.utf8.count)\r\n" : ""
        let head = [UInt8]("POST /a HTTP/1.1\r\nHost: t\r\n\(length)".utf8) + gadget.lines + [13, 10]
        try connection.send(head + [UInt8]("\(Self.body)GET /b HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8))
        var text = ""
        while let bytes = try? connection.receive(), !bytes.isEmpty { text += String(decoding: bytes, as: UTF8.self) }
        return text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }

    /// What must not have happened. Without a length the gadget alone decides where the body ends, and the request behind
    /// the chunks is one of the client's own: then the question is only whether the upstream was shown what was accepted.
    private func fault(_ requests: [String], _ answers: [String], bodyIsKnown: Bool) -> String? {
        let accepted = answers.filter { $0 == "200" }.count
        if requests.count != accepted { return "\(requests.count) requests went on and \(accepted) were answered" }
        if answers.dropLast().contains(where: { $0 != "200" }) { return "something was read behind a refusal" }
        if requests.contains(where: { $0.contains("unfinished") }) { return "the upstream was left waiting" }
        guard bodyIsKnown else { return nil }
        if requests.contains(where: { $0.hasPrefix("GET /smuggled") }) { return "a request was smuggled" }
        if requests.contains(where: { $0.hasSuffix("[Z]") }) { return "the chunk was taken for the body" }
        if requests.isEmpty { return answers.count == 1 ? nil : "there was not one refusal" }
        return requests == ["POST /a [\(Self.body)]", "GET /b []"] ? nil : "the requests are not those of the client"
    }
}
