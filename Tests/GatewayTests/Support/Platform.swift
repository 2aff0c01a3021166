import Crypto
import Gateway
import Glibc
import HTTP
import Simulator
import Spec
import Store
import Synchronization
import TestKit

/// A database with an applied configuration, two simulated providers, and a gateway in front of them.
final class Platform: Sendable {
    let database: String
    let folder: TemporaryDirectory
    let openai: SimulatedProvider
    let groq: SimulatedProvider
    let repository: AppliedRepository
    private let running: Mutex<GatewayService?>
    private let configure: @Sendable (inout GatewayOptions) -> Void
    private let logFile: Int32

    /// The secret of the key `main`.
    static let secret = "ck-main"
    static var digest: String { SHA256.digest(secret).hex }

    /// `files` replace those of the standard configuration by path, and so do those that `beside` makes of the port of the
    /// provider `groq`. With `gateway` false, none is started. `database` is one with the schema in place, where it is not to be a fresh one.
    init(
        _ files: [String: String] = [:], loops: Int = 1, gateway: Bool = true, database given: String? = nil, beside: (UInt16) -> [String: String] = { _ in [:] },
        configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in }
    ) throws {
        self.configure = configure
        database = try given ?? TestPostgres.shared.freshDatabase()
        folder = try TemporaryDirectory()
        logFile = open(folder.path + "/gateway.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        openai = try SimulatedProvider(Self.simulator(folder.path + "/openai.log"))
        groq = try SimulatedProvider(Self.simulator(folder.path + "/groq.log"))
        repository = AppliedRepository(database: database)
        running = Mutex(nil)
        var all = StandardConfiguration.files(openai: openai.port, groq: groq.port)
        all.merge(files) { _, new in new }
        all.merge(beside(groq.port)) { _, new in new }
        try repository.apply(all)
        if gateway { try startGateway(loops: loops) }
    }

    deinit {
        running.withLock { $0 }?.stop()
        close(logFile)
        openai.stop()
        groq.stop()
    }

    /// Starts a gateway on this platform's state directory and waits until it serves.
    func startGateway(loops: Int = 1) throws {
        var options = GatewayOptions(
            database: database, listen: ListenAddress(host: "127.0.0.1", port: 0), state: folder.path + "/state", loops: loops)
        options.drainDeadline = .seconds(5)
        // Tests guess keys by the hundred from one address.
        options.unknownKeysMax = 1 << 40
        configure(&options)
        let service = try GatewayService(options, log: Log(descriptor: logFile))
        running.withLock { $0 = service }
        try eventually(within: .seconds(20), "the gateway is ready") { service.isReady }
    }

    func stopGateway() {
        let service = running.withLock { held in
            defer { held = nil }
            return held
        }
        service?.stop()
    }

    var service: GatewayService? { running.withLock { $0 } }
    var port: UInt16 { service?.port ?? 0 }

    /// Applies changed files and waits until the gateway enforces them.
    func apply(_ files: [String: String]) throws {
        let revision = try repository.apply(files)
        try eventually(within: .seconds(10), "the gateway enforces revision \(revision)") { service?.revision == revision }
    }

    /// What the gateway has logged so far.
    var log: String { folder.read("gateway.log") }

    /// The outcomes of the attempts of all decisions so far, once there are `count` rows in the ledger.
    func outcomes(rows count: Int) throws -> [String] {
        _ = try ledger(rows: count)
        return try Connection(database).transaction { transaction in
            let rows = try transaction.query(
                "SELECT detail::jsonb->'attempts'->-1->>'outcome' FROM charter.usage ORDER BY at, decision, attempt")
            var all: [String] = []
            for row in rows { all.append(try row.text(0)) }
            return all
        }
    }

    /// Whether the record of some decision contains a text, within a few seconds.
    func detail(containing text: String) throws -> Bool {
        let connection = try Connection(database)
        try eventually(within: .seconds(15), "a decision record with \(text)") {
            try connection.transaction { transaction in
                let rows = try transaction.query("SELECT detail FROM charter.usage")
                for row in rows where try row.text(0).contains(text) { return true }
                return false
            }
        }
        return true
    }

    /// What the ledger has, once it has `count` rows.
    func ledger(rows count: Int) throws -> [LedgerRow] {
        let connection = try Connection(database)
        var rows: [LedgerRow] = []
        try eventually(within: .seconds(15), "\(count) rows in the ledger") {
            rows = try LedgerRow.all(connection)
            return rows.count >= count
        }
        return rows
    }

    private static func simulator(_ log: String) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.port = 0
        settings.logPath = log
        settings.isQuiet = true
        settings.tokens = 10
        return settings
    }
}

/// A row of the ledger as far as tests look at it.
struct LedgerRow: Hashable {
    var decision: String
    var attempt: Int64
    var model: String
    var status: Int64
    var input: Int64
    var output: Int64
    var cost: Int64
    var isEstimated: Bool

    static func all(_ connection: Connection) throws -> [LedgerRow] {
        try connection.transaction { transaction in
            let rows = try transaction.query(
                "SELECT decision, attempt, model, status, input, output, cost, estimated::int FROM charter.usage ORDER BY at, decision, attempt")
            var all: [LedgerRow] = []
            for row in rows {
                all.append(LedgerRow(
                    decision: try row.text(0), attempt: try row.integer(1), model: try row.text(2), status: try row.integer(3),
                    input: try row.integer(4), output: try row.integer(5), cost: try row.integer(6),
                    isEstimated: try row.integer(7) == 1))
            }
            return all
        }
    }
}
