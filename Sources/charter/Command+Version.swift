import Reconciler

extension Command {
    static let version = Command(
        name: "version",
        summary: "Print the version and the language it reads.",
        usage: "version"
    ) { _ in
        Console.print(CharterVersion.text)
        return 0
    }
}
