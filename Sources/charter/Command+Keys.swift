import Reconciler
import Services
import Spec

extension Command {
    static let keys = Command(
        name: "keys",
        summary: "Make the secret of an API key; mint, list and revoke keys of pools.",
        usage: "keys new|mint|list|revoke [KEY | ORG[/POOL]] [flags]",
        details: """
            charter keys new [--name NAME] [--quiet]
                makes a secret for a key that is declared. It is printed once and stored nowhere; what is committed is its SHA-256.
            charter keys mint --pool ORG/POOL --as MEMBER --database URL [--name NAME] [--lifetime TIME] [--scopes A,B] [--models A,B]
                mints a key at once, within what the applied KeyPool allows; gateways know it in less than a second. Written ORG/MEMBER,
                the member must hold keys.mint too, as at the admin API; a name alone is whom the host's operator mints it for.
            charter keys list [ORG[/POOL]] [--all] --database URL
                lists the keys of pools; with --all also those that have ended.
            charter keys revoke UID|ORG/NAME [--as NAME] [--reason WHY] --database URL
                ends a minted key; gateways refuse it in less than a second.
            With --quiet, new prints the secret and the digest alone, one a line, and mint the secret and the uid.
            exit codes: 0 done, 1 refused or an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("name", "NAME", help: "the key's name; of new, for the text only"),
            Flag("pool", "ORG/POOL", help: "the pool to mint in"),
            Flag("as", "NAME", help: "the member who mints, or for whom; of revoke, who says so: a member, as ORG/MEMBER, must hold keys.mint or keys.revoke (default of revoke: the account of this process)"),
            Flag("lifetime", "TIME", help: "how long the key is good, as 2h (default: as long as the pool allows)"),
            Flag("scopes", "LIST", help: "scopes with commas, of those that the pool allows (default: all of them)"),
            Flag("models", "LIST", help: "models and patterns with commas, which narrow what the pool allows"),
            Flag("idempotency-key", "TEXT", help: "mint no second key for the same text"),
            Flag("reason", "TEXT", help: "why a key is revoked; the audit keeps it"),
            Flag(switch: "all", help: "list also keys that have ended"),
            Flag(switch: "quiet", help: "print the secret and its sha256 or uid alone, one a line"),
        ] + SharedFlags.json,
        positionalsMax: 2
    ) { arguments in
        switch arguments.positionals.first {
        case "new" where arguments.positionals.count == 1: makeSecret(arguments)
        case "mint" where arguments.positionals.count == 1: try mint(arguments)
        case "list": try list(arguments)
        case "revoke" where arguments.positionals.count == 2: try revoke(arguments)
        default:
            throw UsageError.wrong("keys knows new, mint, list and revoke KEY", hint: "charter keys new --name checkout-prod")
        }
        return 0
    }

    private static func makeSecret(_ arguments: Arguments) {
        let key = MintedKey()
        if arguments.has("json") {
            Console.print(key.json(name: arguments.value("name")).text)
        } else {
            Console.print(arguments.has("quiet") ? key.bareLines : key.text(name: arguments.value("name")))
        }
    }

    private static func mint(_ arguments: Arguments) throws {
        let (org, pool) = try parts(of: arguments.required("pool", []), hint: "write --pool like acme/ci")
        let issuer = try arguments.required("as", [])
        let connection = try checkedConnection(arguments.database())
        var request = MintRequest(org: org, pool: pool, issuer: issuer)
        if let caller = try arguments.caller(connection), let member = caller.member {
            (request.caller, request.issuer) = (caller, member.org == org ? member.name : issuer)
        }
        request.name = arguments.value("name")
        request.lifetime = try arguments.duration("lifetime")
        request.scopes = arguments.value("scopes").map(words)
        request.models = arguments.value("models").map(words)
        request.idempotencyKey = arguments.value("idempotency-key")
        let receipt = try request.run(connection, operator: Operator.name)
        Console.print(arguments.has("json") ? receipt.json.text : arguments.has("quiet") ? receipt.bareLines : receipt.text)
    }

    private static func list(_ arguments: Arguments) throws {
        var (org, pool): (String?, String?) = (nil, nil)
        if arguments.positionals.count == 2 {
            let words = arguments.positionals[1].split(separator: "/", maxSplits: 1).map(String.init)
            (org, pool) = (words.first, words.count == 2 ? words[1] : nil)
        }
        let table = try DelegatedKeyTable(checkedConnection(arguments.database()), org: org, pool: pool, ended: arguments.has("all"))
        Console.print(arguments.has("json") ? table.json.text : table.text)
    }

    private static func revoke(_ arguments: Arguments) throws {
        let connection = try checkedConnection(arguments.database())
        let request = RevokeRequest(
            key: arguments.positionals[1], actor: arguments.namedActor, reason: arguments.value("reason"), caller: try arguments.caller(connection))
        Console.print(try request.run(connection))
    }

    private static func parts(of text: String, hint: String) throws -> (String, String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { throw UsageError.wrong("`\(text)` names no pool", hint: hint) }
        return (parts[0], parts[1])
    }

    private static func words(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
}
