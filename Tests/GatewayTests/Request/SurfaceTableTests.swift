import Crypto
import Foundation
import Gateway
import TestKit
import Testing

/// The table of `docs/API.md` against the gateway.
@Suite struct SurfaceTableTests {
    private struct Row {
        var path: String
        var method: String
        var errors: String
        var limits: String
        var bodyBytesMax: Int?

        init?(_ line: Substring) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 7, cells[1].hasPrefix("`/") else { return nil }
            path = cells[1].trimmingCharacters(in: ["`"]).replacingOccurrences(of: "{id}", with: "openai/gpt-4o")
            (method, errors, limits) = (cells[2], cells[3], cells[4])
            let size = cells[5].split(separator: " ")
            bodyBytesMax = size.count == 2 ? Int(size[0]).map { $0 << (size[1] == "KiB" ? 10 : 20) } : nil
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Programs.root.appending(path: path), encoding: .utf8)
    }

    private static func rows() throws -> [Row] { try text("docs/API.md").split(separator: "\n").compactMap(Row.init) }

    /// Says something to every endpoint.
    static let body = """
        {"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}],"prompt":"hi","input":"hi","text":"hi","voice":"alloy",
        "model_id":"openai/gpt-4o","requests":[{"endpoint":"chat","model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}]}
        """

    /// The same in a form.
    private static let form = TestForm().with("model", "openai/gpt-4o").with("prompt", "hi").with("image", file: "a.png", [1, 2, 3])
        .with("file", file: "a.wav", [4, 5, 6])

    /// Asks as the endpoint wants to be asked.
    static func ask(_ method: String, _ path: String, _ client: TestClient, key: String? = Platform.secret) throws -> TestClient.Answer {
        let id = ["X-Request-ID": "table-1"]
        if formPaths.contains(path) { return try client.send(path, form, key: key, headers: id) }
        return try client.send(method, path, body: method == "POST" ? body : nil, key: key, headers: id)
    }

    private static let formPaths: Set<String> = ["/v1/images/edits", "/v1/images/variations", "/v1/audio/transcriptions", "/v1/audio/translations"]

    @Test func `the table has every path that applications call`() throws {
        let routes = try Self.text("Sources/Gateway/Request/RequestRoute.swift").split(separator: "\n").filter { $0.contains("case \"/") }
        let paths = routes.flatMap { $0.matches(of: /"(\/[^"]*)"/).map { String($0.1) } }.filter { !RouteAttackTests.open.contains($0) }
        #expect(Set(try Self.rows().map(\.path)) == Set(paths + ["/v1/models/openai/gpt-4o"]))
    }

    @Test func `every row speaks as the table says`() throws {
        let spent = "ck-spent"
        let second = StandardConfiguration.key(spec: "  limits: [1 requests/min, 9000000 tokens/day]\n")
            .replacingOccurrences(of: "name: main", with: "name: spent").replacingOccurrences(of: Platform.digest, with: SHA256.digest(spent).hex)
        let first = StandardConfiguration.key(spec: "  limits: [1000 requests/min, 90000000 tokens/day]\n")
        let platform = try Platform([StandardConfiguration.keyPath: first + "---\n" + second])
        let client = TestClient(port: platform.port)
        #expect(try client.chat(key: spent).status == 200)
        let rows = try Self.rows()
        #expect(rows.count > 5)
        for row in rows {
            let id = ["X-Request-ID": "table-1"]

            let good = try Self.ask(row.method, row.path, client)
            #expect(good.status == 200, "\(row.path): \(good.text)")
            expect(row, limits: good, limit: "1000")
            #expect(good.headers["x-request-id"] == "table-1")

            let unknown = try Self.ask(row.method, row.path, client, key: "ck-nobody")
            expect(row, refusal: unknown, 401)
            let wrong = try client.send("DELETE", row.path, body: nil, headers: id)
            expect(row, refusal: wrong, 405)
            #expect(wrong.headers["allow"]?.contains(row.method) == true)

            if row.method == "POST" {
                let refused = try Self.ask(row.method, row.path, client, key: spent)
                if row.path == "/api/v1/batch" {
                    #expect(refused.json("results", "0", "status") == "429")
                    #expect(refused.json("results", "0", "error", "charter", "code") == "rate_limit_exceeded")
                } else {
                    expect(row, refusal: refused, 429)
                }
                expect(row, limits: refused, limit: "1")
            }
            if let most = row.bodyBytesMax {
                expect(row, refusal: try declare(most + 1, row, platform), 413)
                #expect(try !begins(platform, row, declaring: most).contains("413"))
            }
        }
    }

    @Test func `what cannot be read, and where nothing is, is told in JSON with an id`() throws {
        let platform = try Platform()
        for head in ["bad\r\n\r\n", "GET /nothing HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n", "BREW / HTTP/1.1\r\nHost: g\r\n\r\n"] {
            let connection = try TestConnection(port: platform.port)
            try connection.send(head)
            let answer = try connection.readAnswer()
            #expect(answer.json("error", "code") != nil, "\(answer.text)")
            #expect(answer.headers["x-request-id"]?.count == 32)
        }
        for path in ["/", "/healthz", "/readyz", "/metrics"] {
            #expect(try TestClient(port: platform.port).get(path).headers["x-request-id"]?.isEmpty == false)
        }
    }

    private func expect(_ row: Row, refusal: TestClient.Answer, _ status: Int) {
        #expect(refusal.status == status, "\(row.path): \(refusal.text)")
        #expect(refusal.headers["x-request-id"] == "table-1", "\(row.path) \(status)")
        let isProblem = row.errors == "problem"
        #expect(refusal.headers["content-type"] == (isProblem ? "application/problem+json" : "application/json"), "\(row.path) \(status)")
        switch row.errors {
        case "OpenAI": #expect(refusal.json("error", "type") != nil && refusal.json("error", "charter", "code") != nil, "\(refusal.text)")
        case "detail": #expect(refusal.json("detail") != nil && refusal.json("charter", "code") != nil, "\(refusal.text)")
        case "coded":
            #expect(refusal.json("code").map { $0 == $0.uppercased() } == true && refusal.json("details", "charter", "code") != nil, "\(refusal.text)")
            #expect(refusal.json("requestId") == "table-1" && refusal.json("timestamp")?.hasSuffix("Z") == true)
        case "problem": #expect(refusal.json("status") == "\(status)" && refusal.json("charter", "code") != nil, "\(refusal.text)")
        default: Issue.record("\(row.path) has an unknown shape, \(row.errors)")
        }
    }

    private func expect(_ row: Row, limits answer: TestClient.Answer, limit: String) {
        let names = Set(answer.headers.keys.filter { $0.contains("ratelimit") })
        switch row.limits {
        case "standard":
            #expect(answer.headers["x-ratelimit-limit-requests"] == limit, "\(row.path)")
            #expect(answer.headers["ratelimit-policy"]?.contains(#""requests/minute";q=\#(limit);w=60, "tokens/day";q="#) == true, "\(answer.headers)")
            #expect(answer.headers["ratelimit"]?.contains(#""requests/minute";r="#) == true, "\(answer.headers)")
            #expect(names.count == 8, "\(names)")
        case "period":
            #expect(answer.headers["x-ratelimit-limit"] == limit, "\(row.path)")
            #expect(answer.headers["x-ratelimit-remaining"].flatMap { Int($0) } ?? -1 >= 0)
            let reset = answer.headers["x-ratelimit-reset"].flatMap { Double($0) } ?? 0
            #expect((0...62).contains(reset - Date().timeIntervalSince1970), "\(reset)")
            #expect(answer.headers["x-ratelimit-period"] == "minute")
            #expect(names.count == 4, "\(names)")
        case "": #expect(names.isEmpty, "\(row.path)")
        default: Issue.record("\(row.path) has an unknown family of limits, \(row.limits)")
        }
    }

    /// Only says how long the body is.
    private func declare(_ count: Int, _ row: Row, _ platform: Platform) throws -> TestClient.Answer {
        let connection = try TestConnection(port: platform.port)
        try connection.send(head(row, count))
        return try connection.readAnswer()
    }

    /// What comes first where the client waits to be asked for its body.
    private func begins(_ platform: Platform, _ row: Row, declaring count: Int) throws -> String {
        let connection = try TestConnection(port: platform.port)
        try connection.send(head(row, count, more: "Expect: 100-continue\r\n"))
        try connection.receive(until: "\r\n\r\n")
        return connection.receivedText
    }

    private func head(_ row: Row, _ count: Int, more: String = "") -> String {
        "\(row.method) \(row.path) HTTP/1.1\r\nHost: g\r\nX-Request-ID: table-1\r\nAuthorization: Bearer \(Platform.secret)\r\n"
            + "Content-Length: \(count)\r\n\(more)\r\n"
    }
}
