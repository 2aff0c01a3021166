import Reconciler
import Spec
import Store

extension Command {
    static let events = Command(
        name: "events",
        summary: "Show what was told to webhooks and Git hosts, and tell it again.",
        usage: "events list | show ID | redeliver ID --database URL [flags]",
        details: """
            charter watch sends them. ID is the number that list shows, or the webhook-id that a receiver got (msg_…).
            redeliver sends an event again to everybody it was for, or with --to to one of them, also one that was disabled since it answered
            410; receivers know it by its webhook-id. The audit keeps who asked. It is for whoever runs this host: --as ORG/MEMBER is refused.
            exit codes: 0 done, 1 an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("type", "EVENT", help: "list: only these, as revision.applied"),
            Flag("unit", "NAME", help: "list: only of this unit"),
            Flag("state", "STATE", help: "list: only with a delivery that is waiting, delivered, given_up or superseded"),
            Flag("limit", "N", help: "list: how many, the newest first (default 20)"),
            Flag("to", "RECIPIENT", help: "redeliver: to this one alone, as show names it"),
            Flag("as", "NAME", help: "redeliver: who says so; no member, since no permission lets one (default: the account of this process)"),
        ] + SharedFlags.json,
        positionalsMax: 2, showsProgress: true
    ) { arguments in
        let verb = arguments.positionals.first ?? "list"
        switch (verb, arguments.positionals.count) {
        case ("list", ...1): try list(arguments)
        case ("show", 2):
            let record = try EventRequest.show(checkedConnection(arguments.database()), arguments.positionals[1])
            Console.print(arguments.has("json") ? record.json().text : record.text)
        case ("redeliver", 2):
            let names = try EventRequest.redeliver(
                checkedConnection(arguments.database()), arguments.positionals[1], to: arguments.value("to"),
                actor: try arguments.hostActor())
            Console.print("Sent again by charter watch, to \(names.joined(separator: ", ")).")
        default:
            throw UsageError.wrong("events knows list, show ID and redeliver ID", hint: "charter events list")
        }
        return 0
    }

    private static func list(_ arguments: Arguments) throws {
        var state: Delivery.State?
        if let text = arguments.value("state") {
            state = Delivery.State(rawValue: text)
            guard state != nil else {
                throw UsageError.wrong(
                    "--state \"\(text)\" is none", hint: Delivery.State.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        let found = try EventRequest.list(
            checkedConnection(arguments.database()), type: arguments.value("type"), unit: arguments.value("unit"), state: state,
            limit: arguments.count("limit") ?? 20)
        Console.print(arguments.has("json") ? found.json.text : found.text)
    }
}
