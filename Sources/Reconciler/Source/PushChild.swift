internal import Glibc
internal import Store

/// The child's side of a push: `charter push-child`, a subcommand that no person calls.
package enum PushChild {
    package static let command = "push-child"
    package static let variables = PushOrder.variables

    /// The exit codes by which the parent knows what became of it.
    enum Outcome: Int32 {
        case pushed = 0
        case retry = 1
        case humanMustAct = 2
        /// The branch names something that the pushed commit does not follow.
        case moved = 3
        /// The remote said no.
        case refused = 4
    }

    /// Pushes; prints one line of reason on standard error where it does not. Answers the exit code.
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
            guard let rejection = try MirrorPush(order: order).run() else { return Outcome.pushed.rawValue }
            Console.printError(rejection)
            return (isOfRace(rejection) ? Outcome.moved : .refused).rawValue
        } catch let error as GitError {
            Console.printError(error.message)
            return outcome(of: error).rawValue
        } catch {
            Console.printError("\(error)")
            return Outcome.retry.rawValue
        }
    }

    private static func outcome(of error: GitError) -> Outcome {
        if [.notForward, .modified].contains(error.code) { return .moved }
        return [.notFound, .authentication, .certificate, .refused].contains(error.code) ? .humanMustAct : .retry
    }

    /// What `git receive-pack` says of a branch that another push moved first.
    private static func isOfRace(_ rejection: String) -> Bool {
        let words = ["non-fast-forward", "fetch first", "stale info", "failed to update ref", "cannot lock ref", "failed to lock"]
        return words.contains { rejection.contains($0) }
    }
}
