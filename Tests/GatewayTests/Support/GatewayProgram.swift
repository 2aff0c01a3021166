import Foundation
import TestKit

/// `charter-gateway` as a process of its own on a platform's database and state directory.
final class GatewayProgram: Sendable {
    let process: Subprocess
    let port: UInt16
    var client: TestClient { TestClient(port: port) }

    /// `wrapped` comes before the program, such as a shell that sets limits; `database` is another way to the platform's, and `state`
    /// another folder than its own.
    init(
        _ platform: Platform, port: UInt16? = nil, _ more: [String] = [], wrapped: [String] = [], environment: [String: String] = [:],
        database: String? = nil, state: String? = nil
    ) throws {
        let port = try port ?? freePort()
        self.port = port
        process = try Subprocess(
            wrapped + [
                Programs.gateway, "--database", database ?? platform.database, "--listen", "127.0.0.1:\(port)", "--state",
                state ?? platform.folder.path + "/state",
                "--loops", "2",
            ] + more, environment: environment)
    }

    func awaitReady() throws {
        try eventually(within: .seconds(30), "the gateway is ready: \(process.errors)") { try client.get("/readyz", key: nil).status == 200 }
    }

    /// The lines of its log with this message.
    func logged(_ message: String) -> [String] {
        process.errors.split(separator: "\n").map(String.init).filter { $0.contains("\"message\":\"\(message)\"") }
    }
}
