internal import Glibc
internal import Store

/// The child's side of a fetch: `charter fetch-child`, a subcommand that no person calls.
package enum FetchChild {
    package static let command = "fetch-child"
    package static let variables = FetchOrder.variables

    /// The exit codes by which the parent knows whether trying again can help.
    enum Outcome: Int32 {
        case fetched = 0
        case retry = 1
        case humanMustAct = 2
    }

    /// Fetches; prints the tip on standard output, or one line of reason on standard error. Answers the exit code.
    package static func run(environment: [String: String]) -> Int32 {
        guard let order = FetchOrder(environment: environment) else {
            Console.printError("\(command) is started by charter itself")
            return Outcome.humanMustAct.rawValue
        }
        // A parent that hangs ends nobody; the alarm's default action does.
        alarm(order.seconds)
        OpenConnections.closeInherited()
        do {
            try ParentLife.follow()
            try ProcessBounds(order).hold()
            try MirrorLock.hold(order.mirror)
            Failpoint.beforeFetch.reach()
            try MirrorSpace(order).makeRoom()
            let tip = try MirrorFetch(order: order).run()
            Failpoint.afterFetch.reach()
            Console.print(tip.hex)
            return Outcome.fetched.rawValue
        } catch let error as GitError {
            Console.printError(error.message)
            return (isPermanent(error) ? Outcome.humanMustAct : .retry).rawValue
        } catch {
            Console.printError("\(error)")
            return Outcome.retry.rawValue
        }
    }

    private static func isPermanent(_ error: GitError) -> Bool {
        [.notFound, .authentication, .certificate, .refused].contains(error.code)
    }
}
