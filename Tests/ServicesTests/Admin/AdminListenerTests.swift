import Foundation
import Glibc
import HTTP
import TestKit
import Testing

@testable import Services

/// The admin API over real sockets.
struct AdminListenerTests {
    private let scene: AdminScene
    private let folder: TemporaryDirectory

    init() throws {
        scene = try AdminScene()
        folder = try TemporaryDirectory()
    }

    private var socket: String { folder.path + "/admin" }

    private func listener(_ change: (inout AdminSettings) -> Void = { _ in }) throws -> AdminListener {
        var settings = AdminSettings(database: scene.database)
        settings.listen = "127.0.0.1:0"
        settings.socket = socket
        change(&settings)
        return try AdminListener(settings) { _ in }
    }

    private func get(_ path: String, as secret: String? = nil) -> String {
        let key = secret.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "GET \(path) HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\(key)\r\n"
    }

    @Test func `a key is served over TCP, the host's own process over the local socket, and nobody else`() throws {
        let served = try listener()
        defer { served.stop() }
        let key = AdminScene.secret("acme", "admin")
        let byKey = try StreamCall.tcp(served.port).send(get("/v1/admin/self", as: key))
        #expect(byKey.hasPrefix("HTTP/1.1 200") && byKey.contains(#""name":"acme/admin","org":"acme""#), "\(byKey)")
        let byNobody = try StreamCall.tcp(served.port).send(get("/v1/admin/self"))
        #expect(byNobody.hasPrefix("HTTP/1.1 401") && byNobody.contains("application/problem+json"), "\(byNobody)")
        let local = try StreamCall.local(socket).send(get("/v1/admin/self"))
        #expect(local.hasPrefix("HTTP/1.1 200") && local.contains(#""org":null"#), "\(local)")
    }

    @Test func `a body is read, and one that is too long is refused`() throws {
        let served = try listener()
        defer { served.stop() }
        func post(_ body: String) throws -> String {
            try StreamCall.local(socket).send(
                "POST /v1/admin/orgs/acme/keys HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let minted = try post(#"{"pool":"ci","member":"admin"}"#)
        #expect(minted.hasPrefix("HTTP/1.1 201"), "\(minted)")
        let long = try post(#"{"pool":""# + String(repeating: "x", count: 70_000) + #""}"#)
        #expect(long.hasPrefix("HTTP/1.1 413") && long.contains(#""status":413"#), "\(long)")
    }

    @Test func `the local socket is for this account alone, takes the place of one that was left, and goes with its listener`() throws {
        let first = try listener()
        var status = stat()
        #expect(stat(socket, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: (any Error).self) { try listener() }
        first.stop()
        let left = try StreamCall.abandonedSocket(at: folder.path + "/left")
        #expect(left)
        let second = try listener { $0.socket = folder.path + "/left" }
        #expect(try StreamCall.local(folder.path + "/left").send(get("/openapi.json")).hasPrefix("HTTP/1.1 200"))
        second.stop()
    }

    @Test func `keys do not cross a network in the clear unless somebody says so`() throws {
        #expect(throws: AdminListenProblem.self) { try listener { $0.listen = "0.0.0.0:0" } }
        let served = try listener { ($0.listen, $0.allowsPlainNetwork) = ("0.0.0.0:0", true) }
        served.stop()
    }

    @Test func `a network that is not named may not call`() throws {
        let served = try listener { $0.networks = [.init("10.0.0.0/8")!] }
        defer { served.stop() }
        let refused = try StreamCall.tcp(served.port).send(get("/v1/admin/self", as: AdminScene.secret("acme", "admin")))
        #expect(refused.hasPrefix("HTTP/1.1 403"), "\(refused)")
        #expect(try StreamCall.local(socket).send(get("/v1/admin/self")).hasPrefix("HTTP/1.1 200"))
    }

    @Test func `many calls at once are all answered`() throws {
        let served = try listener { $0.workers = 2 }
        defer { served.stop() }
        let path = socket
        let answers = try inParallel(16) { _ in try StreamCall.local(path).send(get("/v1/admin/orgs")) }
        for answer in answers { #expect(answer.hasPrefix("HTTP/1.1 200")) }
    }
}

/// One connection of a test's own to a listener, closed by the other side.
final class StreamCall {
    private let descriptor: Int32

    struct Failure: Error { var call: String }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    static func tcp(_ port: UInt16) throws -> StreamCall { StreamCall(try LoopbackSocket.connect(to: port, patience: 0)) }

    static func local(_ path: String) throws -> StreamCall {
        let call = StreamCall(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        guard with(path, { connect(call.descriptor, $0, $1) }) == 0 else { throw Failure(call: "connect") }
        return call
    }

    /// The file of a socket whose process is gone.
    static func abandonedSocket(at path: String) throws -> Bool {
        let call = StreamCall(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        return with(path) { bind(call.descriptor, $0, $1) } == 0
    }

    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    func send(_ text: String) throws -> String {
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Failure(call: "send") }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // A peer that refuses the rest of a body may reset the connection behind its answer.
            guard count > 0 else { return String(decoding: received, as: UTF8.self) }
            received += buffer[..<count]
        }
    }
}
