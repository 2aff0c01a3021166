import Reconciler
import Services
import Spec

extension Command {
    static let set = Command(
        name: "set",
        summary: "Change fields of a resource by a commit.",
        usage: "set KIND NAME FIELD=VALUE... [flags]",
        details: """
            charter set Budget team 'hard=400 USD/month' --org acme --reason "more people"
            FIELD is a field of the spec, or a path such as metadata.labels.tier or /spec/targets/0/weight. VALUE is text, or JSON for a list,
            a mapping, a number, true and false; FIELD= alone removes the field.
            \(Arguments.changeDetails)
            """,
        flags: Arguments.changeFlags,
        positionalsMax: 64
    ) { arguments in
        guard arguments.positionals.count >= 3 else {
            throw UsageError.wrong("set wants a kind, a name and at least one FIELD=VALUE", hint: "charter set Budget team 'hard=400 USD/month' --org acme")
        }
        let key = try arguments.resource(arguments.positionals[0], arguments.positionals[1])
        let fields = try arguments.positionals[2...].map { text in
            do { return try FieldAssignment(text) } catch { throw UsageError.wrong("\(error)", hint: nil) }
        }
        return try arguments.ask(.edit(key, fields, by: arguments.changeTerms(of: key.org)))
    }

    static let remove = Command(
        name: "remove",
        summary: "Remove a resource by a commit.",
        usage: "remove KIND NAME [flags]",
        details: """
            The document goes with the comments that are its own, and its file where nothing else is in it.
            \(Arguments.changeDetails)
            """,
        flags: Arguments.changeFlags,
        positionalsMax: 2
    ) { arguments in
        guard arguments.positionals.count == 2 else { throw UsageError.wrong("remove wants a kind and a name", hint: "charter remove Budget team --org acme") }
        let key = try arguments.resource(arguments.positionals[0], arguments.positionals[1])
        return try arguments.ask(.remove(key, by: arguments.changeTerms(of: key.org)))
    }

    static let add = Command(
        name: "add",
        summary: "Add resources by a commit.",
        usage: "add -f FILE [--org ORG] [flags]",
        details: """
            FILE holds YAML, or is - for standard input. It is added behind what --to has, a file of the repository that may be new; without
            --to one resource goes to orgs/ORG/KINDS/NAME.yaml.
            \(Arguments.changeDetails)
            """,
        flags: [
            Flag("file", "FILE", letter: "f", help: "what is added; may stand without the flag, too"),
            Flag("to", "PATH", help: "the file of the repository that it goes to"),
        ] + Arguments.changeFlags,
        positionalsMax: 1
    ) { arguments in
        let files = [arguments.value("file"), arguments.positionals.first].compactMap(\.self)
        guard files.count == 1, let file = files.first else { throw UsageError.wrong("add wants one file", hint: "charter add -f budget.yaml --org acme") }
        let bytes = try FileText.read(file == "-" ? "/dev/stdin" : file, bytesMax: documentBytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandFailure("\(file.printable) is not UTF-8") }
        let org = arguments.value("org")
        return try arguments.ask(.add(text, org: org, path: arguments.value("to"), by: arguments.changeTerms(of: org)))
    }

    /// Of what is added by one change; a request keeps it whole.
    private static let documentBytesMax = 512 << 10
}
