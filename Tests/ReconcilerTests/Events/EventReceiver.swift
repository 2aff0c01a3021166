import Foundation
import TestKit

/// A receiver of webhooks and commit statuses on loopback, in Python, so that nothing of ours judges what it is sent. It writes
/// down every request and answers as it is told.
final class EventReceiver: Sendable {
    let port: UInt16
    private let folder: TemporaryDirectory
    private let process: Subprocess

    /// One request, as it came.
    struct Request: Decodable {
        var path: String
        var headers: [String: String]
        var body: String

        var id: String { headers["webhook-id"] ?? "" }
        func json() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
        }
        func data() throws -> [String: Any] { try json()["data"] as? [String: Any] ?? [:] }
    }

    /// What it does with a request.
    struct Answer: Encodable {
        var status = 200
        var headers: [String: String] = [:]
        var body = "thank you"
        /// Seconds before anything is said.
        var delay = 0.0
        /// `close` ends the connection in place of an answer, `cut` within one, `endless` never stops talking.
        var act = ""

        static let fine = Answer()
    }

    /// Of several answers each is given once, the last one for ever.
    init(_ answers: Answer..., isSecure: Bool = false) throws {
        folder = try TemporaryDirectory()
        if isSecure { try TLSGitServer.makeCertificates(in: folder, name: "localhost") }
        let script = try folder.write(Self.script, to: "receiver.py")
        try folder.write("", to: "requests")
        let told = try JSONEncoder().encode(answers.isEmpty ? [.fine] : answers)
        try folder.write(String(decoding: told, as: UTF8.self), to: "answers")
        process = try Subprocess(["python3", script], environment: ["FOLDER": folder.path, "TLS": isSecure ? "1" : ""])
        var found: UInt16?
        try eventually(within: .seconds(20), "the receiver says its port: \(process.errors)") { [process] in
            found = UInt16(process.output.split(separator: "\n").first ?? "")
            return found != nil
        }
        port = found ?? 0
    }

    /// Answers otherwise from now on.
    func answer(_ answers: Answer...) throws {
        try folder.write(String(decoding: JSONEncoder().encode(answers), as: UTF8.self), to: "answers")
    }

    var authority: String { folder.path + "/ca.pem" }

    var requests: [Request] {
        folder.read("requests").split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Request.self, from: Data($0.utf8))
        }
    }

    /// A file of one secret or several, for a declaration to name.
    func secrets(_ secrets: [String]) throws -> String {
        try folder.write(secrets.joined(separator: "\n") + "\n", to: "secret")
    }

    private static let script = """
        import http.server, json, os, socket, ssl, struct, threading, time
        folder = os.environ["FOLDER"]
        lock = threading.Lock()

        def next_answer():
            with lock:
                answers = json.load(open(folder + "/answers"))
                if len(answers) > 1:
                    with open(folder + "/answers.new", "w") as out: json.dump(answers[1:], out)
                    os.rename(folder + "/answers.new", folder + "/answers")
                return answers[0]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def do_POST(self):
                answer = next_answer()
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                headers = {}
                for name, value in self.headers.items():
                    headers[name.lower()] = value if name.lower() not in headers else "TWICE"
                with lock, open(folder + "/requests", "a") as out:
                    out.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\\n")
                time.sleep(answer["delay"])
                if answer["act"] == "close":
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(answer["status"])
                for name, value in answer["headers"].items(): self.send_header(name, value)
                said = answer["body"].encode()
                if answer["act"] == "endless":
                    self.end_headers()
                    try:
                        while True: self.wfile.write(b"x" * 65536)
                    except OSError: pass
                    self.close_connection = True
                    return
                self.send_header("Content-Length", str(len(said) + (10 if answer["act"] == "cut" else 0)))
                self.end_headers()
                self.wfile.write(said)
                if answer["act"] == "cut": self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64
            def handle_error(self, *_): pass

        server = Server(("127.0.0.1", 0), Handler)
        if os.environ["TLS"]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
