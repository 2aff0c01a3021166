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
    ///
    /// A line on standard error beside a tip is a remark. What ends the process behind the tip undoes nothing.
    package static func run(environment: [String: String]) -> Int32 {
        guard let order = FetchOrder(environment: environment) else {
            Console.printError("\(command) is started by charter itself")
            return Outcome.humanMustAct.rawValue
        }
        // A parent that hangs ends nobody; the alarm's default action does.
        alarm(order.seconds)
        OpenConnections.closeInherited()
        // A remote that hangs up is an error with words then.
        signal(SIGPIPE, SIG_IGN)
        do {
            try ParentLife.follow()
            try ProcessBounds(order).hold()
            try MirrorLock.hold(order.mirror)
            Failpoint.beforeFetch.reach()
            let tip = try fetch(order)
            Failpoint.afterFetch.reach()
            Console.print(tip.hex)
            if let remark = renew(order) { Console.printError(remark) }
            return Outcome.fetched.rawValue
        } catch let error as GitError {
            Console.printError(plain(error.message))
            return (isPermanent(error) ? Outcome.humanMustAct : .retry).rawValue
        } catch {
            Console.printError("\(error)")
            return Outcome.retry.rawValue
        }
    }

    private static func fetch(_ order: FetchOrder) throws -> ObjectID {
        let doubt = MirrorDoubt(mirror: order.mirror)
        let space = MirrorSpace(order)
        space.clear()
        guard !doubt.isRaised else { return try fetchAnew(order, doubt) }
        guard !space.isFull else { return try fetchAnew(order, MirrorRenewal(mirror: order.mirror)) }
        let first = Result { () throws(GitError) in try MirrorFetch(order: order).run() }
        guard case .failure(let error) = first, error.isOfDamage, doubt.raise() else { return try first.get() }
        return try fetchAnew(order, doubt)
    }

    /// Fetches everything beside the mirror, which is read until the new one is whole: it may be the remote that is damaged.
    private static func fetchAnew(_ order: FetchOrder, _ doubt: MirrorDoubt) throws -> ObjectID {
        var fresh = order
        fresh.mirror += ".new"
        // What a killed one left.
        FileTree.remove(fresh.mirror)
        defer { [fresh.mirror, fresh.mirror + ".home"].forEach(FileTree.remove) }
        let tip: ObjectID
        do { tip = try MirrorFetch(order: fresh).run() } catch {
            if error.isOfDamage { try doubt.settle() }
            throw error
        }
        try MirrorSpace.replace(order.mirror, by: fresh.mirror)
        try doubt.settle()
        return tip
    }

    /// Fetches anew what has grown too large, now that the remote is known to answer; says so where that cannot be done.
    private static func renew(_ order: FetchOrder) -> String? {
        let renewal = MirrorRenewal(mirror: order.mirror)
        guard let complaint = MirrorSpace(order).complaint else {
            renewal.succeed()
            return nil
        }
        if renewal.isDue { _ = try? fetchAnew(order, renewal) }
        return renewal.failure.map { "the mirror \(order.mirror) \(complaint), and could not be fetched anew: \($0)" }
    }

    private static func fetchAnew(_ order: FetchOrder, _ renewal: MirrorRenewal) throws -> ObjectID {
        if let failure = renewal.failure, !renewal.isDue {
            throw GitError(
                .fetch, code: .refused, message: "the mirror \(order.mirror) is full, and could not be fetched anew: \(failure)")
        }
        try renewal.begin()
        do {
            let tip = try fetchAnew(order, MirrorDoubt(mirror: order.mirror))
            renewal.succeed()
            return tip
        } catch {
            try renewal.fail(plain((error as? GitError)?.message ?? "\(error)"))
            throw error
        }
    }

    /// Without the random part of libgit2's temporary names, so that a trouble that lasts reads the same every time.
    private static func plain(_ message: String) -> String {
        let mark = "_git2_"
        let parts = message.split(separator: mark, omittingEmptySubsequences: false)
        let rest = parts.dropFirst().map { mark + "…" + $0.drop { $0.isLetter || $0.isNumber } }
        return ([String(parts[0])] + rest).joined()
    }

    private static func isPermanent(_ error: GitError) -> Bool {
        [.notFound, .authentication, .certificate, .refused].contains(error.code)
    }
}
