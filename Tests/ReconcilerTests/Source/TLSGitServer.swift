import Foundation
import TestKit

/// Git's smart HTTP behind TLS on loopback: `git http-backend` under a few lines of Python, which write down every request.
final class TLSGitServer {
    let port: UInt16
    private let folder: TemporaryDirectory
    private let process: Subprocess

    /// What it does apart from serving the repositories below `root`.
    struct Manners {
        var name = "localhost"
        /// `user:password` that it asks for.
        var asksFor: String?
        /// Where it sends everybody to who asks for `localhost`, with their path behind it; SELF stands for its own port.
        var redirect: String?
        /// Whether it asks for the password before it sends anybody away.
        var redirectsFriends = false
        /// Sent instead of an answer.
        var garbage: String?
        var isPlain = false
        var status: Int?
        /// The same for pushes alone.
        var pushStatus: Int?
    }

    init(root: String, _ manners: Manners = Manners()) throws {
        folder = try TemporaryDirectory()
        try Self.makeCertificates(in: folder, name: manners.name)
        let script = try folder.write(Self.script, to: "server.py")
        let settings = [
            "ROOT": root, "FOLDER": folder.path, "PLAIN": manners.isPlain ? "1" : "", "ASKS": manners.asksFor ?? "",
            "REDIRECT": manners.redirect ?? "", "FRIENDS": manners.redirectsFriends ? "1" : "", "GARBAGE": manners.garbage ?? "", "STATUS": manners.status.map(String.init) ?? "",
            "PUSH_STATUS": manners.pushStatus.map(String.init) ?? "",
        ]
        process = try Subprocess(["python3", script], environment: settings)
        var found: UInt16?
        try eventually(within: .seconds(20), "the server says its port: \(process.errors)") { [process] in
            found = UInt16(process.output.split(separator: "\n").first ?? "")
            return found != nil
        }
        port = found ?? 0
    }

    /// Of the authority that signed its certificate.
    var authority: String { folder.path + "/ca.pem" }

    func address(_ path: String, host: String = "localhost", scheme: String = "https") -> String { "\(scheme)://\(host):\(port)/\(path)" }

    /// One line for each request: method, path, and what it said of who asks.
    var requests: [String] { folder.read("requests").split(separator: "\n").map(String.init) }

    /// The names by which it was asked, one for each request.
    var hosts: [String] { folder.read("hosts").split(separator: "\n").map { String($0.prefix { $0 != ":" }) } }

    static func makeCertificates(in folder: TemporaryDirectory, name: String) throws {
        let file = { (name: String) in folder.path + "/" + name }
        try folder.write("subjectAltName=DNS:\(name)\n", to: "names")
        for words in [
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Test Authority",
             "-keyout", file("ca.key"), "-out", file("ca.pem")],
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
             "-keyout", file("key.pem"), "-out", file("request.pem")],
            ["x509", "-req", "-in", file("request.pem"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-set_serial", "2", "-days", "2",
             "-extfile", file("names"), "-out", file("certificate.pem")],
        ] {
            let outcome = try Subprocess.run(["openssl"] + words)
            guard outcome.code == 0 else { throw NoCertificate(description: outcome.errors) }
        }
    }

    private struct NoCertificate: Error, CustomStringConvertible { let description: String }

    private static let script = """
        import base64, http.server, os, ssl, subprocess, sys
        env = os.environ
        folder = env["FOLDER"]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def answer(self, status, headers, body=b""):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def body(self):
                if self.headers.get("Transfer-Encoding", "") == "chunked":
                    parts = b""
                    while True:
                        size = int(self.rfile.readline(), 16)
                        parts += self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0: return parts
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            def serve(self):
                given = self.headers.get("Authorization") or "nothing"
                if given.startswith("Basic "): given = base64.b64decode(given[6:]).decode()
                with open(folder + "/requests", "a") as log: log.write(f"{self.command} {self.path} {given}\\n")
                host = self.headers.get("Host") or "nobody"
                with open(folder + "/hosts", "a") as log: log.write(host + "\\n")
                body = self.body()
                away = env["REDIRECT"].replace("SELF", str(server.server_address[1])) if host.startswith("localhost") else ""
                if away and not (env["FRIENDS"] and given != env["ASKS"]): return self.answer(302, [("Location", away + self.path)])
                if env["STATUS"]: return self.answer(int(env["STATUS"]), [])
                if env["PUSH_STATUS"] and "git-receive-pack" in self.path:
                    return self.answer(int(env["PUSH_STATUS"]), [("WWW-Authenticate", 'Basic realm="git"')])
                if env["ASKS"] and given != env["ASKS"]:
                    return self.answer(401, [("WWW-Authenticate", 'Basic realm="git"')])
                if env["GARBAGE"]:
                    return self.answer(200, [("Content-Type", "application/x-git-upload-pack-advertisement")], env["GARBAGE"].encode())
                path, _, query = self.path.partition("?")
                cgi = dict(env, GIT_PROJECT_ROOT=env["ROOT"], GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path, QUERY_STRING=query,
                           REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type") or "",
                           CONTENT_LENGTH=str(len(body)), REMOTE_ADDR="127.0.0.1", GIT_CONFIG_GLOBAL="/dev/null",
                           GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")
                said = subprocess.run(["git", "http-backend"], input=body, env=cgi, stdout=subprocess.PIPE).stdout
                head, _, rest = said.partition(b"\\r\\n\\r\\n")
                fields = [tuple(line.split(": ", 1)) for line in head.decode().split("\\r\\n") if ": " in line]
                status = next((int(v.split()[0]) for n, v in fields if n == "Status"), 200)
                self.answer(status, [f for f in fields if f[0] not in ("Status", "Content-Length")], rest)
            do_GET = serve
            do_POST = serve

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_): pass

        server = Server(("127.0.0.1", 0), Handler)
        if not env["PLAIN"]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
