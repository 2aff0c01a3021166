internal import Spec

/// The verdicts on signatures that one session has found, so that no commit is checked twice, and none in a transaction that would
/// wait for `gpg` meanwhile. Confined to one thread.
package final class SignatureMemory {
    private let gnupg: GnuPG?
    private var verifier: CommitVerifier?
    private var isPostponing = false
    /// How long one round of checks may take in all.
    private let roundMax: Duration

    package init(gnupg: GnuPG? = .installed, roundMax: Duration = .seconds(15)) {
        self.gnupg = gnupg
        self.roundMax = roundMax
    }

    /// That of these signers; of the one before nothing is kept unless it is of the same.
    func verifier(of signers: [Repository.Signer]) -> CommitVerifier {
        if let verifier, verifier.signers == signers { return verifier }
        let made = CommitVerifier(signers: signers, gnupg: gnupg)
        made.isPostponing = isPostponing
        verifier = made
        return made
    }

    /// Begins to judge a commit: what could not be checked before is tried again.
    func begin() { verifier?.forgetUnchecked() }

    /// Looks at a commit by the signers known last, or by these where there are none; `heartbeat` is called while that takes its time.
    func prepare(
        _ id: ObjectID, in repository: GitRepository, signers: [Repository.Signer], heartbeat: @escaping () throws -> Void
    ) throws {
        try withoutWaiting { _ = try verifier(of: verifier?.signers ?? signers).verdict(of: id, in: repository) }
        try catchUp(in: repository, heartbeat: heartbeat)
    }

    /// Runs `body` without ever waiting for another process; throws `VerdictsPostponed` where that would have been needed.
    func withoutWaiting<T>(_ body: () throws -> T) throws -> T {
        isPostponing = true
        verifier?.isPostponing = true
        defer {
            isPostponing = false
            verifier?.isPostponing = false
        }
        return try body()
    }

    /// Refuses to go on with what rests on signatures that were not looked at.
    func requireVerdicts() throws(VerdictsPostponed) {
        guard verifier?.postponed.isEmpty ?? true else { throw VerdictsPostponed() }
    }

    /// Checks what was put off, for as long as one round may take; an error of `heartbeat`, called all the while, ends it.
    func catchUp(in repository: GitRepository, heartbeat: @escaping () throws -> Void) throws {
        guard let verifier else { return }
        let end = ContinuousClock.now + roundMax
        verifier.heartbeat = heartbeat
        defer { verifier.heartbeat = {} }
        for id in verifier.postponed {
            let mayWait = ContinuousClock.now < end
            if mayWait { try heartbeat() }
            try verifier.check(id, in: repository, mayWait: mayWait)
        }
        // What ended a check must not pass for what came of it.
        try heartbeat()
    }
}

/// A signature has to be checked first, outside the transaction.
struct VerdictsPostponed: Error {}
