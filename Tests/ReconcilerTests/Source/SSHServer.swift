import Glibc
import TestKit

/// OpenSSH's server on loopback, whose one account is that of whoever runs the tests.
final class SSHServer {
    let port: UInt16
    let user: String
    private let folder: TemporaryDirectory
    private let process: Subprocess

    static let program = "/usr/sbin/sshd"

    /// Nil where it is not installed; `scripts/bootstrap` installs it.
    static var isInstalled: Bool { access(program, X_OK) == 0 }

    /// `key` is let in.
    init(hostKey: SigningKey, key: SigningKey) throws {
        // Debian's server insists on it when root starts it.
        if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
        folder = try TemporaryDirectory()
        port = try freePort()
        user = String(cString: getpwuid(geteuid()).pointee.pw_name)
        let known = try folder.write(key.publicLine + "\n", to: "authorized_keys")
        let settings = try folder.write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(hostKey.path)
            AuthorizedKeysFile \(known)
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            LogLevel VERBOSE

            """, to: "sshd_config")
        process = try Subprocess([Self.program, "-D", "-e", "-f", settings])
        try eventually(within: .seconds(20), "sshd listens: \(process.errors)") { process.errors.contains("Server listening") }
    }

    /// What it said of those who came.
    var log: String { process.errors }

    /// Of a repository by its absolute path.
    func address(of path: String) -> String { "ssh://\(user)@127.0.0.1:\(port)\(path)" }
}
