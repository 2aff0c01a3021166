import Gateway
import Glibc
import Store
import TestKit
import Testing

/// A gateway as a process of its own under a key with a budget in money, and what it is compared with when its faults are over.
final class GatewayScene {
    let platform: Platform
    private(set) var gateway: GatewayProgram
    private let way: String?
    private let state: String?
    private let more: [String]
    private let environment: [String: String]
    private var wasKilled = false

    /// `way` is the gateway's own way to `database`, `state` the folder of its journal, `spec` more lines of its only key.
    init(
        database: String? = nil, by way: String? = nil, state: String? = nil, budget: String = "10000 USD/month", spec: String = "",
        _ more: [String] = [], environment: [String: String] = [:]
    ) throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: \(budget) }\n" + spec)
        platform = try Platform([StandardConfiguration.keyPath: key], gateway: false, database: database)
        self.way = way
        self.state = state
        self.more = more
        self.environment = environment
        gateway = try GatewayProgram(platform, more, environment: environment, database: way, state: state)
        try gateway.awaitReady()
    }

    var port: UInt16 { gateway.port }
    var client: TestClient { gateway.client }

    func load(clients: Int = 4) throws -> MixedLoad {
        let load = MixedLoad(port: port, clients: clients)
        try eventually(within: .seconds(30), "requests are served: \(gateway.process.errors)") { load.served > 10 }
        return load
    }

    /// Goes on serving while something else is done.
    func awaitServed(_ count: Int, by load: MixedLoad) throws {
        let before = load.served
        try eventually(within: .seconds(30), "\(count) requests are served: \(gateway.process.errors)") { load.served >= before + count }
    }

    /// Ends the gateway and starts it again where it was; `how` is a signal.
    func restart(_ how: Int32) throws {
        if how == SIGKILL { kill() } else {
            gateway.process.kill(how)
            #expect(gateway.process.wait(within: .seconds(60)) == 0, "\(gateway.process.errors)")
        }
        try start()
    }

    func kill() {
        gateway.process.kill(SIGKILL)
        #expect(gateway.process.wait(within: .seconds(10)) == -SIGKILL)
        wasKilled = true
    }

    /// Starts it where the last one was.
    func start() throws {
        gateway = try GatewayProgram(platform, port: gateway.port, more, environment: environment, database: way, state: state)
        try gateway.awaitReady()
    }

    /// Everything is in the ledger within a while, exactly; and so it is when the gateway has ended, which leaves no journal.
    func expectExact(
        after outcome: MixedLoad.Outcome, within bound: Duration = .seconds(60), sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let truth = ProvidersTruth(platform: platform)
        var wrong: [String] = ["the ledger cannot be read"]
        try? eventually(within: bound) {
            wrong = try truth.whatIsWrong(served: outcome.served, killed: wasKilled)
            return wrong.isEmpty
        }
        gateway.process.kill(SIGTERM)
        #expect(gateway.process.wait(within: .seconds(60)) == 0, "\(gateway.process.errors)", sourceLocation: sourceLocation)
        wrong += try truth.whatIsWrong(served: outcome.served, killed: wasKilled)
        if !wrong.isEmpty {
            Issue.record("\(wrong.count): \(wrong.prefix(5).joined(separator: "; ")): \(gateway.process.errors.suffix(2_000))", sourceLocation: sourceLocation)
        }
        #expect(outcome.served.count > 10, sourceLocation: sourceLocation)
        let journal = (state ?? platform.folder.path + "/state") + "/journal"
        let left = try Subprocess.run(["find", journal, "-name", "damaged", "-prune", "-o", "-name", "*.journal", "-print"]).output
        #expect(left == "", "nothing waits to be booked", sourceLocation: sourceLocation)
    }
}
