import Foundation
import TestKit

/// A whole Charter platform from the built executables: PostgreSQL, two simulated providers, the reconciler, the gateway.
///
/// Everything ends with the value.
final class Platform {
    /// How long a commit may take until it is enforced, on a machine that runs other tests beside.
    static let patience = Duration.seconds(15)
    static let checkoutKey = "orgs/acme/keys/checkout.yaml"

    let repository: ConfigRepository
    let database: String
    /// The secret of acme's checkout-prod.
    let key: String
    let port: UInt16
    private let openAI: Subprocess
    private let groq: Subprocess
    private var watch: Subprocess?
    private(set) var gateway: Subprocess

    /// Commits the example with a key of its own, and waits until the gateway enforces it; `watching` leaves a reconciler
    /// behind that follows the repository.
    init(watching: Bool = true) throws {
        let openAIPort = try freePort()
        let groqPort = try freePort()
        port = try freePort()
        repository = try ConfigRepository(openAIPort: openAIPort, groqPort: groqPort)
        database = try TestPostgres.shared.freshDatabase()
        key = try Self.mint(into: repository)
        try repository.commit("Begin with the example platform")
        openAI = try Self.simulator(port: openAIPort, log: repository.folder.path + "/openai.log")
        groq = try Self.simulator(port: groqPort, log: repository.folder.path + "/groq.log")
        gateway = try Self.startGateway(port: port, database: database, state: repository.folder.path + "/gateway")
        if watching { try startWatch() } else { try apply() }
        try awaitGateway()
    }

    // MARK: Pieces

    private static func simulator(port: UInt16, log: String) throws -> Subprocess {
        try Subprocess([
            Programs.charter, "simulate", "--listen", "127.0.0.1:\(port)", "--log", log, "--first-token", "10ms",
            "--pace", "2ms",
        ])
    }

    private static func startGateway(port: UInt16, database: String, state: String) throws -> Subprocess {
        try Subprocess([
            Programs.gateway, "--database", database, "--listen", "127.0.0.1:\(port)", "--state", state,
        ])
    }

    func startWatch() throws {
        watch = try Subprocess([Programs.charter, "watch"], environment: environment)
    }

    /// Starts the gateway again on the state that the last one left.
    func restartGateway() throws {
        gateway = try Self.startGateway(port: port, database: database, state: repository.folder.path + "/gateway")
        try awaitGateway()
    }

    func awaitGateway() throws {
        do {
            try eventually(within: .seconds(60), "the gateway is ready") { try get("/readyz").status == 200 }
        } catch {
            throw PlatformFailure(
                pieces: [("gateway", gateway), ("watch", watch), ("openai", openAI), ("groq", groq)], cause: error)
        }
    }

    var environment: [String: String] {
        [
            "CHARTER_DATABASE_URL": database, "CHARTER_REPOSITORY": repository.bare,
            "PATH": Programs.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
        ].merging(ConfigRepository.person) { ours, _ in ours }
    }

    /// Runs a `charter` command to its end.
    func charter(_ arguments: String...) throws -> Subprocess.Outcome { try charter(arguments) }

    func charter(_ arguments: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter] + arguments, environment: environment, directory: repository.folder.path)
    }

    func apply() throws {
        let outcome = try charter("apply")
        guard outcome.code == 0 else { throw CommandFailure(arguments: ["charter", "apply"], outcome: outcome) }
    }

    /// Rows of a statement, columns separated by `|`.
    @discardableResult
    func sql(_ statement: String) throws -> [String] {
        let arguments = ["psql", database, "-v", "ON_ERROR_STOP=1", "-Atq", "-c", statement]
        let outcome = try Subprocess.run(arguments)
        guard outcome.code == 0 else { throw CommandFailure(arguments: arguments, outcome: outcome) }
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// Mints a secret and puts its digest where the example has one that nobody knows.
    private static func mint(into repository: ConfigRepository) throws -> String {
        let (secret, digest) = try mint()
        try repository.edit(checkoutKey) { $0.replacing(/sha256: [0-9a-f]{64}/, with: "sha256: \(digest)") }
        return secret
    }

    /// A fresh secret and its SHA-256.
    static func mint() throws -> (secret: String, digest: String) {
        let arguments = [Programs.charter, "keys", "new", "--quiet"]
        let outcome = try Subprocess.run(arguments)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        guard outcome.code == 0, lines.count == 2 else { throw CommandFailure(arguments: arguments, outcome: outcome) }
        return (lines[0], lines[1])
    }

    // MARK: Calls

    func get(_ path: String) throws -> Answer { try call(path) }

    func chat(model: String = "assistant", stream: Bool = false, key: String? = nil) throws -> Answer {
        let body =
            #"{"model":"\#(model)","messages":[{"role":"user","content":"Say hello"}],"max_tokens":12,"stream":\#(stream)}"#
        return try call("/v1/chat/completions", body: body, key: key)
    }

    func call(_ path: String, body: String? = nil, key: String? = nil) throws -> Answer {
        var arguments = ["curl", "-sS", "-i", "--max-time", "20", "-H", "authorization: Bearer \(key ?? self.key)"]
        if let body { arguments += ["-H", "content-type: application/json", "-d", body] }
        arguments.append("http://127.0.0.1:\(port)\(path)")
        let outcome = try Subprocess.run(arguments)
        guard outcome.code == 0, let answer = Answer(curl: outcome.output) else {
            throw CommandFailure(arguments: arguments, outcome: outcome)
        }
        return answer
    }

    /// Asks until the answer is as wanted; fails with the last answer.
    @discardableResult
    func chatBecomes(_ what: String, model: String = "assistant", where wanted: (Answer) -> Bool) throws -> Answer {
        var last: Answer?
        do {
            try eventually(within: Self.patience, what) {
                let answer = try chat(model: model)
                last = answer
                return wanted(answer)
            }
        } catch {
            throw PlatformFailure(pieces: [("gateway", gateway), ("watch", watch)], cause: error, answer: last)
        }
        guard let last else { throw PlatformFailure(pieces: [], cause: NoAnswer()) }
        return last
    }

    // MARK: What the providers say

    /// Requests that each provider logged.
    var served: (openAI: [ServedRequest], groq: [ServedRequest]) {
        (
            ServedRequest.read(repository.folder.read("openai.log")),
            ServedRequest.read(repository.folder.read("groq.log"))
        )
    }
}

struct NoAnswer: Error {}

/// Why a platform did not do what was awaited, with what its pieces said last.
struct PlatformFailure: Error, CustomStringConvertible {
    let pieces: [(name: String, process: Subprocess?)]
    let cause: any Error
    var answer: Answer?

    var description: String {
        let words = pieces.compactMap { name, process in
            process.map { "\(name)\($0.isRunning ? "" : " (ended)"): \(($0.output + $0.errors).suffix(1500))" }
        }
        return (["\(cause)", answer.map { "last answer: \($0)" } ?? ""] + words).joined(separator: "\n")
    }
}
