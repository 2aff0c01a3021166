import HTTP
import Policy
import TestKit
import Testing

@testable import Services

/// Figures on the admin API while PostgreSQL is frozen, gone, and back.
struct FiguresWithoutPostgresTests {
    private static func get(_ key: String?) -> String {
        let credential = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "GET /metrics HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\(credential)\r\n"
    }

    @Test func `figures are told without PostgreSQL to who read them before, and to this machine`() throws {
        let server = try ControlledPostgres()
        let scene = try AdminScene(in: server.url())
        let folder = try TemporaryDirectory()
        var settings = AdminSettings(database: scene.database)
        (settings.listen, settings.socket) = ("127.0.0.1:0", folder.path + "/admin")
        let served = try AdminListener(settings) { _ in }
        defer { served.stop() }
        let (key, other) = (AdminScene.secret("acme", "system-admin"), AdminScene.secret("globex", "system-admin"))
        func byKey(_ key: String) throws -> String { try StreamCall.tcp(served.port).send(Self.get(key)) }
        func byProcess() throws -> String { try StreamCall.local(folder.path + "/admin").send(Self.get(nil)) }
        func isTold(_ answer: String, _ isReachable: Bool) -> Bool {
            answer.hasPrefix("HTTP/1.1 200") && answer.contains("\ncharter_admin_database_reachable \(isReachable ? 1 : 0)\n")
        }
        let first = try byKey(key)
        #expect(isTold(first, true), "\(first)")
        server.freeze()
        for answer in [try byKey(key), try byProcess(), try byKey(key)] { #expect(isTold(answer, false), "\(answer)") }
        server.thaw()
        try server.stop(.immediate)
        // What was asked of it while it was frozen may end only now.
        try eventually(within: .seconds(60), "it is missed") { try isTold(byKey(key), false) && isTold(byProcess(), false) }
        // Who never read them cannot be known now.
        let unknown = try byKey(other)
        #expect(unknown.hasPrefix("HTTP/1.1 503") && !unknown.contains("charter_admin"), "\(unknown)")
        try server.start()
        try eventually(within: .seconds(60), "PostgreSQL is found again") { try isTold(byKey(key), true) && isTold(byProcess(), true) }
        #expect(try isTold(byKey(other), true))
    }

    private func request(_ key: String, _ address: ClientAddress?) -> AdminRequest {
        AdminRequest(method: .get, path: "/metrics", headers: ["authorization": "Bearer \(key)"], address: address, id: "r")
    }

    @Test func `who reads figures is known by the key and the address, and forgotten where PostgreSQL refuses them or others read them since`() throws {
        let readers = FigureReaders()
        let (here, there) = (ClientAddress(bytes: [127, 0, 0, 1]), ClientAddress(bytes: [127, 0, 0, 2]))
        readers.note(request("a", here))
        #expect(readers.knows(request("a", here)) && !readers.knows(request("a", there)) && !readers.knows(request("b", here)))
        readers.forget(request("a", here))
        #expect(!readers.knows(request("a", here)))
        for number in 0...64 { readers.note(request("k\(number)", here)) }
        #expect(!readers.knows(request("k0", here)) && readers.knows(request("k1", here)) && readers.knows(request("k64", here)))
    }
}
