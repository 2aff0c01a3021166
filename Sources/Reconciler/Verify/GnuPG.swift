internal import Glibc

/// The installed `gpg`, which checks OpenPGP signatures in a process of its own.
package struct GnuPG: Sendable {
    package var executable: String
    /// How long one call may take before its process is killed.
    package var deadline = Duration.seconds(10)

    package init(executable: String) { self.executable = executable }

    /// The first `gpg` of PATH; nil when there is none.
    package static var installed: GnuPG? {
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let found = folders.split(separator: ":").map { "\($0)/gpg" }.first { (path: String) in access(path, X_OK) == 0 }
        return found.map(GnuPG.init(executable:))
    }

    /// Runs it on the keyring in `home`, with nothing of the machine's own settings and no network; an error of `heartbeat`, called all
    /// the while, ends it.
    func run(_ arguments: [String], home: String, heartbeat: () throws -> Void = {}) throws(GnuPGProblem) -> String {
        let child = ChildProcess(
            executable: executable,
            arguments: [
                "gpg", "--homedir", home, "--no-options", "--batch", "--no-tty", "--quiet", "--disable-dirmngr",
                "--no-auto-key-retrieve", "--trust-model", "always", "--weak-digest", "SHA1", "--status-fd", "1",
            ] + arguments,
            environment: ["PATH=/usr/bin:/bin", "LC_ALL=C", "GNUPGHOME=\(home)"])
        let result: ChildProcess.Result
        do { result = try child.run(deadline: deadline, heartbeat: heartbeat) } catch { throw GnuPGProblem("\(error)") }
        switch result.ending {
        case .exited: return result.output
        case .signalled(let signal): throw GnuPGProblem("gpg ended by signal \(signal)")
        case .overran: throw GnuPGProblem("gpg gave no answer within \(deadline)")
        }
    }
}

/// Why nothing is known of an OpenPGP signature; a clause.
struct GnuPGProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
