internal import Glibc

/// The child's side of a fetch: `charter fetch-child`, a subcommand that no person calls.
///
/// What it must do arrives in its environment, since a URL may carry a password and arguments are public.
package enum FetchChild {
    package static let command = "fetch-child"

    static let urlVariable = "CHARTER_FETCH_URL"
    static let mirrorVariable = "CHARTER_FETCH_MIRROR"
    static let branchVariable = "CHARTER_FETCH_BRANCH"
    static let deadlineVariable = "CHARTER_FETCH_DEADLINE"

    package static let variables = [urlVariable, mirrorVariable, branchVariable, deadlineVariable]

    /// The exit codes by which the parent knows whether trying again can help.
    enum Outcome: Int32 {
        case fetched = 0
        case retry = 1
        case humanMustAct = 2
    }

    /// Fetches; prints the tip on standard output, or one line of reason on standard error. Answers the exit code.
    package static func run(environment: [String: String]) -> Int32 {
        guard let text = environment[urlVariable], case .url(let url)? = try? SourceLocation.parse(text),
            let mirror = environment[mirrorVariable],
            let branch = environment[branchVariable].flatMap({ BranchName($0) })
        else {
            Console.printError("\(command) is started by charter itself")
            return Outcome.humanMustAct.rawValue
        }
        // Should the parent die first, the alarm's default action ends this process.
        if let seconds = environment[deadlineVariable].flatMap({ UInt32($0) }) { alarm(seconds) }
        do {
            try MirrorLock.hold(mirror)
            let tip = try MirrorFetch(url: url, mirror: mirror, branch: branch).run()
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
        [.notFound, .authentication, .certificate].contains(error.code)
    }
}
