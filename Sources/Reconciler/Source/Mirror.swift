internal import Crypto
internal import Glibc
internal import Store

/// The bare copy of a remote repository under the state folder.
struct Mirror {
    var url: RemoteURL
    var source: GitSource

    /// Named by a hash of the address without its credentials, so that a changed password keeps the mirror.
    var folder: String {
        "\(parent)/\(SHA256.digest(url.description).hex.prefix(24)).git"
    }

    private var parent: String { "\(source.stateFolder)/mirror" }

    /// Runs the fetch in a child process, which is killed when the deadline passes; answers what there is to say of the mirror.
    func fetch(heartbeat: () throws -> Void) throws -> String? {
        do { try FileTree.make(parent) } catch { throw SourceError("\(error)", needsHuman: true) }
        try requireOwn()
        let result: ChildProcess.Result
        do {
            let order = FetchOrder(source, url: url, mirror: folder)
            result = try child(FetchChild.command, order.environment).run(deadline: source.fetchDeadline, heartbeat: heartbeat)
        } catch let error as SystemError {
            throw SourceError("\(error)", needsHuman: true)
        }
        let message = result.messages.split(separator: "\n").last.map(String.init)
        let said = message ?? "no reason given"
        // Once it has said the tip, all that was asked for is here.
        guard result.output.isEmpty else { return message }
        switch result.ending {
        case .exited(FetchChild.Outcome.fetched.rawValue): return message
        case .exited(FetchChild.Outcome.humanMustAct.rawValue): throw SourceError("\(url): \(said)", needsHuman: true)
        case .exited: throw SourceError("\(url): \(said)", needsHuman: false)
        case .signalled(let signal): throw SourceError("\(url): the fetch ended by signal \(signal)", needsHuman: false)
        case .overran:
            throw SourceError("\(url): no answer within \(source.fetchDeadline), fetch stopped", needsHuman: false)
        }
    }

    /// Has a branch of the remote, where it is `old` yet, name what a reference of the mirror names; nil is one that is not there.
    func push(_ reference: String, to branch: BranchName, from old: ObjectID?, heartbeat: () throws -> Void) throws -> MirrorPush.Ending {
        try run(.push(reference: reference, branch, old: old), heartbeat)
    }

    /// Takes a branch of the remote away that is `old` yet.
    func remove(_ branch: BranchName, at old: ObjectID, heartbeat: () throws -> Void) throws -> MirrorPush.Ending {
        try run(.remove(branch, old: old), heartbeat)
    }

    /// What those of the branches name that the remote has.
    func heads(of branches: [BranchName], heartbeat: () throws -> Void) throws -> [BranchName: ObjectID] {
        var found: [BranchName: ObjectID] = [:]
        for start in stride(from: 0, to: branches.count, by: Self.headsMax) {
            let some = Array(branches[start..<min(start + Self.headsMax, branches.count)])
            guard case .heads(let heads) = try run(.look(some), heartbeat) else { continue }
            found.merge(heads) { $1 }
        }
        return found
    }

    /// Asked for at once: their names fit in what a process is told, and what it says in a pipe.
    private static let headsMax = 200

    /// In a child process, as `fetch` fetches. What may pass by itself is a `SourceError`.
    private func run(_ act: PushOrder.Act, _ heartbeat: () throws -> Void) throws -> MirrorPush.Ending {
        let order = PushOrder(FetchOrder(source, url: url, mirror: folder), act)
        let result: ChildProcess.Result
        do {
            result = try child(PushChild.command, order.environment).run(deadline: source.fetchDeadline, heartbeat: heartbeat)
        } catch let error as SystemError {
            throw SourceError("\(error)", needsHuman: true)
        }
        let said = result.messages.split(separator: "\n").last.map(String.init) ?? "no reason given"
        switch result.ending {
        case .exited(PushChild.Outcome.done.rawValue): return act.isPush ? .done : .heads(try heads(in: result.output))
        case .exited(PushChild.Outcome.moved.rawValue): return .moved(ObjectID(hex: String(result.output.prefix { $0 != "\n" })))
        case .exited(PushChild.Outcome.refused.rawValue): return .refused(said)
        case .exited(PushChild.Outcome.humanMustAct.rawValue): throw SourceError("\(url): \(said)", needsHuman: true)
        case .exited: throw SourceError("\(url): \(said)", needsHuman: false)
        case .signalled(let signal): throw SourceError("\(url): the push ended by signal \(signal)", needsHuman: false)
        case .overran:
            throw SourceError("\(url): no answer within \(source.fetchDeadline), push stopped", needsHuman: false)
        }
    }

    private func heads(in output: String) throws(SourceError) -> [BranchName: ObjectID] {
        var heads: [BranchName: ObjectID] = [:]
        let lines = output.split(separator: "\n")
        for line in lines.dropLast() {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, let branch = BranchName(parts[1]), let id = ObjectID(hex: parts[0]) else { continue }
            heads[branch] = id
        }
        guard lines.last.flatMap({ Int($0) }) == heads.count else {
            throw SourceError("\(url): what its branches name was not told whole", needsHuman: false)
        }
        return heads
    }

    /// A mirror that another account made could hold anything.
    private func requireOwn() throws(SourceError) {
        for path in [parent, folder] {
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            guard status.st_uid == geteuid(), status.st_mode & S_IFMT == S_IFDIR else {
                throw SourceError("\(path) is not a folder of this account; name another with --state, or remove it", needsHuman: true)
            }
        }
    }

    private func child(_ command: String, _ environment: [String: String]) -> ChildProcess {
        ChildProcess(
            executable: source.executable, arguments: ["charter", command],
            environment: environment.map { "\($0.key)=\($0.value)" } + ["SWIFT_BACKTRACE=enable=no"] + Self.inherited(),
            followsParent: true)
    }

    /// The dynamic linker may need to be told where Swift's libraries are; nothing else of ours is the child's business.
    private static func inherited() -> [String] {
        ["LD_LIBRARY_PATH", Failpoint.variable].compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
    }
}
