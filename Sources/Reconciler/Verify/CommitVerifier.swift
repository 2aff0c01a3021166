internal import Crypto
package import Spec

/// Says who signed a commit, by the keys of the declared signers. Confined to one thread.
package final class CommitVerifier {
    let signers: [Repository.Signer]
    private let gnupg: GnuPG?
    /// What is imported on the first OpenPGP signature, since most repositories have none.
    private var keyring: Result<GnuPGKeyring, GnuPGProblem>?
    private var known: [ObjectID: SignatureVerdict] = [:]
    /// Whether what needs `gpg` is noted and not checked.
    var isPostponing = false
    /// Called while `gpg` runs; its error ends the check.
    var heartbeat: () throws -> Void = {}
    /// What was noted so.
    private(set) var postponed: Set<ObjectID> = []

    /// Of so many verdicts on, they are found anew: a program that runs for years meets every commit.
    private static let knownMax = 50_000

    /// What Git signs commits for (ssh-keygen(1), `-n`).
    private static let namespace = "git"

    /// `gnupg` is nil where that program is not installed.
    package init(signers: [Repository.Signer], gnupg: GnuPG? = .installed) {
        self.signers = signers
        self.gnupg = gnupg
    }

    /// Throws only when the commit cannot be read.
    package func verdict(of id: ObjectID, in repository: GitRepository) throws(GitError) -> SignatureVerdict {
        if let verdict = known[id] { return verdict }
        let object: [UInt8]
        do { object = try repository.rawCommit(id) } catch where error.code == .refused { return .bad(error.message) }
        if isPostponing, needsGnuPG(object) {
            postponed.insert(id)
            return .unchecked("it has yet to be checked")
        }
        return keep(verdict(ofObject: object), of: id)
    }

    /// Settles what was postponed; where nothing may be waited for, it stays unchecked.
    func check(_ id: ObjectID, in repository: GitRepository, mayWait: Bool) throws(GitError) {
        postponed.remove(id)
        guard mayWait else {
            keep(.unchecked("checking those of other commits took too long"), of: id)
            return
        }
        _ = try verdict(of: id, in: repository)
    }

    /// What could not be checked may be possible now, and so may be what became of the keys' folder.
    func forgetUnchecked() {
        known = known.filter { if case .unchecked = $0.value { false } else { true } }
        keyring = nil
        postponed = []
    }

    @discardableResult
    private func keep(_ verdict: SignatureVerdict, of id: ObjectID) -> SignatureVerdict {
        if known.count >= Self.knownMax { known = [:] }
        known[id] = verdict
        return verdict
    }

    private func needsGnuPG(_ object: [UInt8]) -> Bool {
        guard hasOpenPGPKeys, gnupg != nil, case .openPGP? = try? SignedCommit(object).signature else { return false }
        return true
    }

    private var hasOpenPGPKeys: Bool { signers.contains { if case .openPGP = $0.identity { true } else { false } } }

    func verdict(ofObject object: [UInt8]) -> SignatureVerdict {
        let commit: SignedCommit
        do { commit = try SignedCommit(object) } catch { return .bad("\(error)") }
        switch commit.signature {
        case nil: return .unsigned
        case .ssh(let signature): return verdict(ofSSH: signature, over: commit.payload)
        case .openPGP(let signature): return verdict(ofOpenPGP: signature, over: commit.payload)
        case .other: return .unchecked("it is neither of SSH nor of OpenPGP")
        }
    }

    // MARK: SSH

    private func verdict(ofSSH text: [UInt8], over payload: [UInt8]) -> SignatureVerdict {
        let key: SSHKey
        do {
            let signature = try SSHSignature(armored: text)
            try signature.verify(payload, namespace: Self.namespace)
            key = signature.key
        } catch {
            return .bad("\(error)")
        }
        let names = signers.filter { $0.identity.is(key) }.map(\.name)
        return names.isEmpty
            ? .untrusted(fingerprint: key.fingerprint) : .good(signers: names, fingerprint: key.fingerprint)
    }

    // MARK: OpenPGP

    private func verdict(ofOpenPGP text: [UInt8], over payload: [UInt8]) -> SignatureVerdict {
        do {
            let report = try openKeyring().check(text, over: payload, heartbeat: heartbeat)
            switch report.finding {
            case .good(let fingerprint):
                let names = try openKeyring().signers(of: fingerprint)
                return names.isEmpty
                    ? .untrusted(fingerprint: fingerprint) : .good(signers: names, fingerprint: fingerprint)
            case .unknownKey(let fingerprint): return .untrusted(fingerprint: fingerprint)
            case .bad(let reason): return .bad(reason)
            }
        } catch {
            return .unchecked("\(error)")
        }
    }

    private func openKeyring() throws(GnuPGProblem) -> GnuPGKeyring {
        if let keyring { return try keyring.get() }
        let opened = Result { () throws(GnuPGProblem) in
            guard hasOpenPGPKeys else { throw GnuPGProblem("it is of OpenPGP, and no signer declares such a key") }
            guard let gnupg else { throw GnuPGProblem("it is of OpenPGP, and gpg is not installed") }
            return try GnuPGKeyring(gnupg, of: signers, heartbeat: heartbeat)
        }
        keyring = opened
        return try opened.get()
    }
}

extension Repository.Signer.Identity {
    fileprivate func `is`(_ key: SSHKey) -> Bool {
        switch self {
        case .key(let declared): declared.base64 == Base64Text.text(key.blob)
        case .fingerprint(let declared): declared.text == key.fingerprint
        case .openPGP: false
        }
    }
}
