import HTTP
import Store
import TestKit
import Testing

@testable import Services

/// One connection, by which calls of several organizations come one after the other.
struct SharedConnectionTests {
    private static let paths = ["", "/projects", "/members", "/keys", "/budgets", "/routes", "/audit", "/drift", "/overrides", "/plans", "/usage"]

    @Test func `a thousand calls of two organizations in turn see nothing of each other, whatever failed before`() throws {
        let scene = try MatrixScene()
        let connection = try Connection(scene.database)
        for number in 0..<1000 {
            let (own, other) = number % 2 == 0 ? ("acme", "globex") : ("globex", "acme")
            let secret = scene.credential(own, "admin", number % 3 == 0 ? .token : .key)
            func call(_ path: String, _ method: HTTP.Method = .get, body: String? = nil) throws -> AdminAnswer {
                try scene.call(method, path, as: secret, body: body, by: connection)
            }
            switch number % 7 {
            case 5:
                // Undone in the midst of its transaction.
                let refused = try call("/v1/admin/orgs/\(own)/keys", .post, body: #"{"pool":"no-such-pool"}"#)
                #expect(refused.status == 409 && !refused.text.contains(other), "\(number): \(refused.text)")
            case 6:
                #expect(try call("/v1/admin/orgs/\(other)\(Self.paths[number % Self.paths.count])").status == 404, "\(number)")
                // What PostgreSQL itself ends.
                #expect(throws: DatabaseError.self) { try connection.transaction { _ = try $0.query("SELECT 1 / 0 FROM charter.resource") } }
            default:
                let path = "/v1/admin/orgs/\(own)\(Self.paths[number % Self.paths.count])"
                let answer = try call(path)
                #expect(answer.status == 200, "\(path): \(answer.text)")
                #expect(!answer.text.contains(other), "\(path): \(answer.text)")
                let orgs = try call("/v1/admin/orgs").items.compactMap { $0["name"] as? String }
                #expect(orgs == [own], "\(number)")
            }
        }
    }
}
