internal import CLibGit2
internal import Crypto
internal import Store

/// What libgit2 asks us while it speaks with a remote: who we are, whether the remote is the right one, whether to go on.
///
/// Confined to one thread and one fetch. Each proof is given once: libgit2 asks again for ever when a server refuses it.
final class RemoteConversation {
    private let url: RemoteURL
    private let access: RemoteAccess
    private let bytesMax: Int
    private let isPush: Bool
    private let known: KnownHosts?
    private var given: Set<UInt32> = []
    /// Why it was ended by us; says more than libgit2's own message.
    private(set) var refusal: GitError?
    /// Why the remote did not take what was pushed, in its own words.
    private(set) var rejection: String?

    /// Throws for what cannot be right before anybody is asked.
    init(_ url: RemoteURL, _ access: RemoteAccess, bytesMax: Int, isPush: Bool = false) throws(GitError) {
        self.url = url
        self.isPush = isPush
        self.access = access
        do {
            known = try access.knownHosts.map { path throws(SystemError) in
                KnownHosts(try SmallFile.text(path, bytesMax: KnownHosts.bytesMax))
            }
        } catch {
            throw GitError(.remote, code: .certificate, message: "\(error)")
        }
        self.bytesMax = bytesMax
        if url.scheme == .http, access.password != nil {
            throw GitError(.remote, code: .authentication, message: "a password is sent by https only; correct the address")
        }
    }

    /// Hands out what lets libgit2 ask this value during `body`.
    func attend<Value>(_ body: (git_remote_callbacks) throws(GitError) -> Value) throws(GitError) -> Value {
        var callbacks = git_remote_callbacks()
        try git(.remote) { git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION)) }
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { made, address, _, allowed, payload in
            guard let one = RemoteConversation.from(payload), let made, let address else { return GIT_EUSER.rawValue }
            return one.give(&made.pointee, to: String(cString: address), allowed)
        }
        callbacks.certificate_check = { certificate, isValid, host, payload in
            guard let one = RemoteConversation.from(payload), let certificate else { return GIT_ECERTIFICATE.rawValue }
            return one.judge(certificate, isValid: isValid == 1, host: host.map { String(cString: $0) } ?? "")
        }
        callbacks.transfer_progress = { progress, payload in
            guard let one = RemoteConversation.from(payload), let progress else { return 0 }
            if progress.pointee.received_objects > 0 { Failpoint.midFetch.reach() }
            return one.goOn(progress.pointee.received_bytes)
        }
        callbacks.update_tips = { _, _, _, _ in
            Failpoint.afterReferences.reach()
            return 0
        }
        callbacks.push_update_reference = { _, status, payload in
            if let status { RemoteConversation.from(payload)?.rejection = String(cString: status) }
            return 0
        }
        let outcome = Result { () throws(GitError) in try body(callbacks) }
        return try withExtendedLifetime(self) { () throws(GitError) in
            if case .failure(let error) = outcome { throw refusal ?? explained(error) }
            return try outcome.get()
        }
    }

    /// What libgit2 says of answers that are none, with what to do (its transports/http.c and net.c).
    private func explained(_ error: GitError) -> GitError {
        if error.message.contains("redirect") { return GitError(.fetch, code: .refused, message: "\(Self.redirection) (\(error.message))") }
        let status = "unexpected http status code: "
        guard error.message.hasPrefix(status), let number = Int(error.message.dropFirst(status.count)) else { return error }
        switch number {
        case 401 where isPush:
            return GitError(.push, code: .authentication, message: "the server does not let us push to this repository (status 401); give a token with --git-password-file")
        case 404, 410:
            return GitError(
                .fetch, code: .notFound,
                message: "the server knows no such repository, or hides it from us (status \(number)); correct the address, or give a token with --git-password-file")
        case 403:
            return GitError(.fetch, code: .authentication, message: "the server does not let us \(isPush ? "push to" : "read") this repository (status 403); does the token have that right?")
        default: return error
        }
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> RemoteConversation? {
        payload.map { Unmanaged<RemoteConversation>.fromOpaque($0).takeUnretainedValue() }
    }

    private func refuse(_ code: GitErrorCode, _ message: String) -> Int32 {
        refusal = GitError(.fetch, code: code, message: message)
        return GIT_EUSER.rawValue
    }

    private func goOn(_ bytes: Int) -> Int32 {
        bytes <= bytesMax ? 0 : refuse(.refused, "the remote sent more than \(bytesMax) bytes, so the fetch was stopped")
    }

    /// What libgit2 reads as the `known_hosts` of a home folder: of several kinds of key it then asks the host for a known one.
    var knownLines: String {
        (known?.lines(for: url.host, port: url.port) ?? []).filter { !$0.isRevoked }.map { line in
            let host = url.host.hasPrefix("[") ? String(url.host.dropFirst().dropLast()) : url.host
            return "[\(host)]:\(url.port ?? KnownHosts.port) \(line.key.algorithm) \(Base64Text.text(line.key.blob))\n"
        }.joined()
    }

    // MARK: Who we are

    private func give(_ made: inout UnsafeMutablePointer<git_credential>?, to address: String, _ allowed: UInt32) -> Int32 {
        guard case .url(let asking)? = try? SourceLocation.parse(address), asking.hasSameServer(as: url) else {
            return refuse(.authentication, "another host than the configured one asked who we are; nothing was told")
        }
        let kinds = [GIT_CREDENTIAL_USERNAME, GIT_CREDENTIAL_SSH_KEY, GIT_CREDENTIAL_USERPASS_PLAINTEXT].map(\.rawValue)
        guard let kind = kinds.first(where: { allowed & $0 != 0 && ($0 != GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue || url.scheme == .https) })
        else { return refuse(.authentication, Self.unknownKind(url.scheme)) }
        guard given.insert(kind).inserted else { return refuse(.authentication, refusedProof) }
        switch kind {
        case GIT_CREDENTIAL_USERNAME.rawValue: return git_credential_username_new(&made, user)
        case GIT_CREDENTIAL_SSH_KEY.rawValue: return giveKey(&made)
        default: return givePassword(&made)
        }
    }

    private static func unknownKind(_ scheme: RemoteURL.Scheme) -> String {
        scheme == .ssh ? "the server takes no keys" : "the server asks who we are in a way that is not supported"
    }

    private var user: String { access.user ?? url.user ?? (url.scheme == .ssh ? "git" : "x-access-token") }

    /// Not the address's own, which may be a token.
    private var shownUser: String { access.user.map { $0 + " " } ?? "" }

    private var refusedProof: String {
        switch access.password {
        case _ where url.scheme == .ssh:
            "the server does not let \(user) in with the key \(access.identity ?? ""); is its public half registered there, and of a kind that the server takes?"
        case .file(let path): "the server refused the user \(shownUser)with the password in \(path)"
        case .text, nil: "the server refused the user and password"
        }
    }

    private func giveKey(_ made: inout UnsafeMutablePointer<git_credential>?) -> Int32 {
        guard let path = access.identity else {
            return refuse(.authentication, "the server asks for a key; name the private one's file with --ssh-key")
        }
        do {
            let text = try SmallFile.text(path, bytesMax: IdentityFile.bytesMax)
            if let problem = IdentityFile.problem(text) { return refuse(.authentication, "\(path) \(problem)") }
            return git_credential_ssh_key_memory_new(&made, user, nil, text, nil)
        } catch {
            return refuse(.authentication, "\(error)")
        }
    }

    private func givePassword(_ made: inout UnsafeMutablePointer<git_credential>?) -> Int32 {
        let password: String
        switch access.password {
        case .text(let text): password = text
        case .file(let path):
            do {
                let text = try SmallFile.text(path, bytesMax: Self.passwordBytesMax)
                password = String(text.prefix { !$0.isNewline })
            } catch {
                return refuse(.authentication, "\(error)")
            }
            guard !password.isEmpty else { return refuse(.authentication, "\(path) is empty; it should hold a password or token") }
        case nil:
            return refuse(
                .authentication,
                "the server asks for a user and password, or the repository does not exist; give a token with --git-password-file")
        }
        return git_credential_userpass_plaintext_new(&made, user, password)
    }

    /// Of tokens with many claims.
    private static let passwordBytesMax = 64 << 10

    // MARK: Whether the remote is the right one

    private func judge(_ certificate: UnsafeMutablePointer<git_cert>, isValid: Bool, host: String) -> Int32 {
        switch certificate.pointee.cert_type {
        case GIT_CERT_HOSTKEY_LIBSSH2:
            return certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { judge($0.pointee) }
        case GIT_CERT_X509:
            guard OpenConnections.ports.isSubset(of: [url.port ?? Self.port]) else {
                return refuse(.refused, Self.redirection)
            }
            return certificate.withMemoryRebound(to: git_cert_x509.self, capacity: 1) { shown in
                let problems = Self.problems(of: shown.pointee, host)
                // libgit2 1.5 takes a certificate for another address for a good one, and one for the right address for a bad one.
                return isValid && problems.isEmpty ? 0 : refuse(.certificate, Self.reason(problems, host))
            }
        default: return refuse(.certificate, "\(host) proves who it is in a way that is not supported")
        }
    }

    /// Of https.
    private static let port: UInt16 = 443

    /// libgit2 follows a redirect to another port of the same host whatever it is told, and would send it our password;
    /// every new connection comes by here before anything is sent.
    static let redirection = "the server sends us to another address, which is not followed; correct the address of the repository"

    private static func problems(of shown: git_cert_x509, _ host: String) -> [HostCertificate.Problem] {
        HostCertificate(der: shown.data.map { Array(UnsafeRawBufferPointer(start: $0, count: shown.len)) } ?? []).problems(for: host)
    }

    private static func reason(_ problems: [HostCertificate.Problem], _ host: String) -> String {
        let problems = problems.map { problem in
            switch problem {
            case .unreadable: "it cannot be read"
            case .otherHost: "it is for another host"
            case .expired: "it is expired"
            case .notYetValid: "it is not valid yet"
            }
        }
        let unknown = "no trusted authority signed it; name its authority's file with --git-ca-file"
            + (host.allSatisfy { $0.isHexDigit || ".:".contains($0) } ? ", and the host by its name and not by an address" : "")
        let said = problems.isEmpty ? unknown : problems.joined(separator: ", ")
        return "the certificate of \(host) is refused: \(said)"
    }

    private func judge(_ shown: git_cert_hostkey) -> Int32 {
        guard shown.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let bytes = shown.hostkey else {
            return refuse(.certificate, "\(url.host) shows no host key")
        }
        let key = HostKey(blob: Array(UnsafeRawBufferPointer(start: bytes, count: shown.hostkey_len)))
        let verdict = HostKeyRules(pins: access.hostKeys, known: known).judge(key, of: url.host, port: url.port)
        return verdict.refusal(of: key, host: url.host).map { refuse(.certificate, $0) } ?? 0
    }
}
