import Store
import TestKit
import Testing

@testable import Services

/// Odd forms of a good credential, over a socket as they come: the credential that is meant, or nobody.
struct AdminCredentialTests {
    private let scene: AdminScene
    private let log = LogLines()

    init() throws { scene = try AdminScene() }

    private static let admin = AdminScene.secret("acme", "admin")
    private static let viewer = AdminScene.secret("acme", "viewer")

    private func listener() throws -> AdminListener {
        var settings = AdminSettings(database: scene.database)
        settings.listen = "127.0.0.1:0"
        return try AdminListener(settings) { [log] in log.add($0) }
    }

    private func call(_ served: AdminListener, _ fields: [String], path: String = "/v1/admin/self") throws -> String {
        let head = ["GET \(path) HTTP/1.1", "Host: admin", "Connection: close"] + fields
        return try StreamCall.tcp(served.port).send(head.joined(separator: "\r\n") + "\r\n\r\n")
    }

    private static let good = [
        ["Authorization: Bearer \(admin)"], ["authorization: bearer \(admin)"], ["AUTHORIZATION: BEARER \(admin)"],
        ["Authorization:\tBearer \(admin)\t "], ["X-API-Key: \(admin)"], ["Authorization: Bearer \(admin)", "X-API-Key: \(admin)"],
    ]

    private static let odd = [
        ["Authorization: Bearer \(admin)", "Authorization: Bearer \(admin)"],
        ["Authorization: Bearer \(admin)", "Authorization: Bearer \(viewer)"],
        ["Authorization: Bearer nobody", "Authorization: Bearer \(admin)"],
        ["Authorization: Basic eDp5", "Authorization: Bearer \(admin)"],
        ["X-API-Key: \(admin)", "X-API-Key: \(admin)"], ["X-API-Key: \(admin)", "X-API-Key: \(viewer)"],
        ["Authorization: Bearer \(admin)", "X-API-Key: \(viewer)"], ["Authorization: Bearer", "X-API-Key: \(admin)"],
        ["Authorization: Bearer\t\(admin)"], ["Authorization: Bearer \t\(admin)"], ["Authorization: Bearer \(admin) \(admin)"],
        ["Authorization: Bearer \(admin),Bearer \(admin)"], ["Authorization: Bearer \(admin),"], ["Authorization: Bearer \"\(admin)\""],
        ["Authorization: Bearer \(admin)é"], ["Authorization: Bearer \(admin)\u{301}"], ["Authorization: Bearer \u{301}\(admin)"],
        ["Authorization: Ｂearer \(admin)"], ["Authorization: Bearer \u{a0}\(admin)"], ["Authorization: Bearer \u{feff}\(admin)"],
        ["Authorization: \(admin)"], ["Authorization: Token \(admin)"], ["Authorization: Bearer:\(admin)"], ["Authorization: Bearer"], ["Authorization:"],
        ["Authorization: Bearer \(admin.uppercased())"], ["Authorization: Bearer \(admin.dropLast())"], ["Cookie: authorization=\(admin)"],
        ["Authorization: Bearer \(admin)" + String(repeating: "x", count: 10_000)], ["Authorization: Bearer " + String(repeating: ".", count: 10_000)],
        ["Authorization: Bearer app_:\(admin)"], ["Authorization: Bearer app_\(String(repeating: "0", count: 10_000)):\(admin)"],
    ]

    /// What no field may hold.
    private static let broken = [
        ["Authorization: Bearer \(admin)\u{0}"], ["Authorization: Bearer\u{0} \(admin)"], ["Authorization: Bearer \(admin)\u{1}"],
        ["Authorization: Bearer \(admin)\u{7f}"], ["Authorization: Bearer", " \(admin)"], ["Authorization : Bearer \(admin)"],
    ]

    @Test func `a credential in an odd form opens nothing, and stands in no answer and no line of the log`() throws {
        let served = try listener()
        defer { served.stop() }
        for fields in Self.good {
            let answer = try call(served, fields)
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains(#""name":"acme/admin""#), "\(fields): \(answer)")
        }
        for fields in Self.odd {
            let answer = try call(served, fields)
            // A field that stands twice, or is too long, is refused before anybody asks whose it is.
            let isRefused = answer.hasPrefix("HTTP/1.1 401") && answer.contains(#""code":"unauthenticated""#)
            let isMalformed = answer.hasPrefix("HTTP/1.1 \(fields.joined().utf8.count > 8000 ? 431 : 400)") && answer.contains(#""code":"malformed""#)
            #expect(isRefused || isMalformed, "\(fields.map { $0.prefix(80) }): \(answer)")
            #expect(!answer.contains(Self.admin), "\(answer)")
        }
        for fields in Self.broken {
            let answer = try call(served, fields)
            #expect(answer.hasPrefix("HTTP/1.1 400") && !answer.contains(Self.admin), "\(fields): \(answer)")
        }
        for name in ["access_token", "key", "api_key"] {
            #expect(try call(served, [], path: "/v1/admin/self?\(name)=\(Self.admin)").hasPrefix("HTTP/1.1 401"))
        }
        let lines = log.all
        #expect(lines.count >= Self.good.count + Self.odd.count)
        #expect(!lines.contains { $0.contains(Self.admin) || $0.contains(Self.viewer) || $0.contains("\n") }, "\(lines)")
        #expect(try call(served, Self.good[0]).hasPrefix("HTTP/1.1 200"), "whoever is known is known after all that")
    }
}
