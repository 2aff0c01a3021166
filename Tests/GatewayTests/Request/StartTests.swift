import Gateway
import HTTP
import TestKit
import Testing

@Suite struct StartTests {
    @Test func `without its database a gateway lives, is not ready, and refuses with a time to come back`() throws {
        let folder = try TemporaryDirectory()
        let options = GatewayOptions(
            database: "postgresql://127.0.0.1:\(try freePort())/none", listen: ListenAddress(host: "127.0.0.1", port: 0),
            state: folder.path, loops: 1)
        let service = try GatewayService(options, log: Log(descriptor: -1))
        defer { service.stop() }
        let client = TestClient(port: service.port)
        #expect(try client.get("/healthz", key: nil).status == 200)
        let readiness = try client.get("/readyz", key: nil)
        #expect(readiness.status == 503)
        #expect(readiness.json("ready") == "false")
        let answer = try client.chat()
        #expect(answer.status == 503)
        #expect(answer.json("error", "code") == "state_unavailable")
        #expect(answer.headers["retry-after"] == "1")
        #expect(answer.headers["x-should-retry"] == "true")
    }

    @Test func `an address belongs to one gateway at a time`() throws {
        let platform = try Platform()
        let folder = try TemporaryDirectory()
        let options = GatewayOptions(
            database: platform.database, listen: ListenAddress(host: "127.0.0.1", port: platform.port), state: folder.path, loops: 1)
        #expect(throws: (any Error).self) { try GatewayService(options, log: Log(descriptor: -1)) }
    }

    @Test func `a state directory belongs to one gateway at a time`() throws {
        let platform = try Platform()
        let options = GatewayOptions(
            database: platform.database, listen: ListenAddress(host: "127.0.0.1", port: 0),
            state: platform.folder.path + "/state", loops: 1)
        #expect(throws: StateDirectoryInUse.self) { try GatewayService(options, log: Log(descriptor: -1)) }
    }
}
