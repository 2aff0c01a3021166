internal import Glibc
internal import Store

/// The child's side of a push: `charter push-child`, a subcommand that no person calls.
package enum PushChild {
    package static let command = "push-child"
    package static let variables = PushOrder.variables

    /// The exit codes by which the parent knows what became of it.
    enum Outcome: Int32 {
        case done = 0
        case retry = 1
        case humanMustAct = 2
        /// The branch names something else than it was asked to.
        case moved = 3
        /// The remote said no.
        case refused = 4
    }

    /// Does as it is ordered; prints what a branch names that moved, or those that it looked at, on standard output, and one line of
    /// reason on standard error. Answers the exit code.
    package static func run(environment: [String: String]) -> Int32 {
        guard let order = PushOrder(environment: environment) else {
            Console.printError("\(command) is started by charter itself")
            return Outcome.humanMustAct.rawValue
        }
        // A parent that hangs ends nobody; the alarm's default action does.
        alarm(order.access.seconds)
        OpenConnections.closeInherited()
        signal(SIGPIPE, SIG_IGN)
        do {
            try ParentLife.follow()
            try ProcessBounds(order.access).hold()
            // Or the mirror could be fetched anew meanwhile, without what is pushed.
            try MirrorLock.hold(order.access.mirror)
            return tell(try MirrorPush(order: order).run()).rawValue
        } catch let error as GitError {
            Console.printError(error.message)
            let isPermanent = [.notFound, .authentication, .certificate, .refused].contains(error.code)
            return (isPermanent ? Outcome.humanMustAct : .retry).rawValue
        } catch {
            Console.printError("\(error)")
            return Outcome.retry.rawValue
        }
    }

    /// Lines of a branch and what it names on standard output; what is not there has none.
    private static func tell(_ ending: MirrorPush.Ending) -> Outcome {
        switch ending {
        case .done: return .done
        case .moved(let there):
            if let there { Console.print(there.hex) }
            return .moved
        case .refused(let reason):
            Console.printError(reason)
            return .refused
        case .heads(let heads):
            for (branch, id) in heads { Console.print("\(id) \(branch)") }
            // What is cut off must not be taken for branches that are gone.
            Console.print("\(heads.count)")
            return .done
        }
    }
}
