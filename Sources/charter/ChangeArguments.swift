import Glibc
import Reconciler
import Services
import Spec
import Store

/// What the commands that ask for changes have in common.
extension Arguments {
    static let changeFlags =
        SharedFlags.database + SharedFlags.unit + [
            Flag("org", "NAME", help: "the organization; without it the platform's own"),
            Flag("reason", "TEXT", help: "why; the commit's message and the audit keep it"),
            Flag("as", "[ORG/]MEMBER", help: "who asks (default: the member with the name of this process's account)"),
            Flag("idempotency-key", "KEY", help: "the same call with the same key within a day is one change"),
            Flag("wait", "TIME", fallback: "2s", help: "how long to wait until it is applied"),
        ] + SharedFlags.json

    static let changeDetails = """
        The change becomes a commit of the running charter watch, in the name of the member who asks, where `writeBack` in charter.yaml and
        the member's roles allow it: config.write on the branch that is enforced, config.propose on a branch of its own. Comments and
        everything else of the file stay as they are, and what would be a mistake is refused before it is committed.
        exit codes: 0 applied, committed, proposed or accepted, 1 refused or an error, 2 wrong command line
        """

    /// A resource by its kind and name; `organization/name` is another way to write `--org`.
    func resource(_ kind: String, _ name: String) throws -> ResourceKey {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), parts.count == 1 || value("org") ?? parts[0] == parts[0] else {
            throw UsageError.wrong("\"\(name.printable)\" names no resource", hint: "write NAME --org ORG, or ORG/NAME")
        }
        return ResourceKey(org: parts.count == 2 ? parts[0] : value("org"), kind: try Kind.named(kind), name: parts[parts.count - 1])
    }

    /// Who asks for a change of what belongs to an organization.
    func changeTerms(of org: String?) throws -> ChangeTerms {
        ChangeTerms(unit: try unit(), caller: try caller(org), purpose: value("reason") ?? "", idempotencyKey: value("idempotency-key"))
    }

    private func caller(_ org: String?) throws -> String {
        let name = value("as") ?? Operator.account
        if name.contains("/") { return name }
        guard let org else { throw UsageError.wrong("it is not said of which organization \(name.printable) is", hint: "--as ORG/MEMBER") }
        return "\(org)/\(name)"
    }

    /// Asks, waits, and tells what came of it; answers the exit code.
    func ask(_ call: ChangeCall) throws -> Int32 {
        let connection = try Command.checkedConnection(database())
        let receipt = try waiting(for: call.run(connection), connection)
        Console.print(has("json") ? receipt.json : receipt.text)
        return receipt.request.state == .refused ? 1 : 0
    }

    /// How the change stands when it is over, or after `--wait`.
    func waiting(for receipt: ChangeReceipt, _ connection: Connection) throws -> ChangeReceipt {
        try receipt.waiting(duration("wait") ?? .zero, connection) { pause in
            usleep(UInt32(clamping: pause.wholeMilliseconds * 1000))
            return true
        }
    }
}
