import Foundation
import Synchronization
import TestKit

/// A provider on whose reading of a connection's bytes a test can look: what it took for requests, in order.
final class WireOrigin: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// Keeps every byte and believes the first Content-Length alone.
        case careless
        case nginx
        case node

        /// Whether the program is on this machine.
        var isInstalled: Bool { self == .careless || Self.path(of: rawValue) != nil }

        fileprivate static func path(of program: String) -> String? {
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/sbin"]
            return folders.map { $0 + "/" + program }.first { FileManager.default.isExecutableFile(atPath: $0) }
        }
    }

    let port: UInt16
    private let kind: Kind
    private let careless: RawOrigin
    private let program: Subprocess?
    private let folder: TemporaryDirectory
    /// How much has been looked at: requests of the careless one, bytes of what node has written.
    private let looked = Mutex(0)

    init(_ kind: Kind) throws {
        self.kind = kind
        careless = try RawOrigin()
        folder = try TemporaryDirectory()
        guard kind != .careless, let path = Kind.path(of: kind.rawValue) else {
            (port, program) = (careless.port, nil)
            return
        }
        let port = try freePort()
        self.port = port
        let text = kind == .nginx ? Self.nginx(port, careless.port, folder.path) : Self.node(port, folder.path + "/seen")
        let file = try folder.write(text, to: "program")
        program = try Subprocess(kind == .nginx ? [path, "-c", file, "-p", folder.path, "-e", "stderr"] : [path, file])
        try eventually(within: .seconds(20), "\(kind) listens: \(program?.errors ?? "")") {
            _ = try TestConnection(port: port)
            return true
        }
    }

    /// The bodies of the requests that it saw since it was last asked, in order; what was no whole request begins with `unfinished`.
    func takeBodies() throws -> [String] {
        try looked.withLock { looked in
            guard kind == .node else {
                let requests = careless.requests[looked...]
                looked += requests.count
                return requests.map(Self.body)
            }
            guard let file = FileHandle(forReadingAtPath: folder.path + "/seen") else { return [] }
            try file.seek(toOffset: UInt64(looked))
            let bytes = try file.readToEnd() ?? Data()
            looked += bytes.count
            return bytes.split(separator: 10).map { String(decoding: Data(base64Encoded: Data($0)) ?? Data(), as: UTF8.self) }
        }
    }

    private static func body(_ request: String) -> String {
        guard !request.hasPrefix("unfinished"), let end = request.firstRange(of: "\r\n\r\n") else { return request }
        return String(request[end.upperBound...])
    }

    /// nginx reads whole requests and shows them to the careless one behind it, framed as it understood them.
    private static func nginx(_ port: UInt16, _ behind: UInt16, _ folder: String) -> String {
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
        return """
            daemon off; master_process off; pid \(folder)/pid;
            events {}
            http {
                access_log off; \(paths)
                keepalive_requests 100000;
                server {
                    listen 127.0.0.1:\(port);
                    location / { proxy_pass http://127.0.0.1:\(behind); }
                }
            }
            """
    }

    /// Writes the body of each request to `file`, in a line of its own, before it answers.
    private static func node(_ port: UInt16, _ file: String) -> String {
        """
        const fs = require('fs');
        const file = fs.openSync('\(file)', 'a');
        const note = text => fs.writeSync(file, Buffer.from(text).toString('base64') + '\\n');
        const completion = \(String(reflecting: RawOrigin.completion));
        const server = require('http').createServer((request, response) => {
            const parts = [];
            request.on('data', part => parts.push(part));
            request.on('end', () => {
                note(Buffer.concat(parts));
                response.setHeader('Content-Type', 'application/json');
                response.end(completion);
            });
        });
        server.on('clientError', (error, socket) => {
            if (error.code !== 'ECONNRESET') note('unfinished: ' + error.code);
            socket.destroy();
        });
        server.listen(\(port), '127.0.0.1');
        """
    }
}
