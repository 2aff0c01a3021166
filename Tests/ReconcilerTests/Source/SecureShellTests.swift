import Foundation
import TestKit
import Testing

@testable import Reconciler

@Suite(.enabled(if: SSHServer.isInstalled, "no sshd: scripts/bootstrap installs openssh-server"))
struct SecureShellTests {
    let scene: SourceScene
    let key: SigningKey

    init() throws {
        scene = try SourceScene()
        key = try SigningKey()
    }

    private func access(_ key: SigningKey, pinning hostKey: SigningKey?) throws -> RemoteAccess {
        var access = RemoteAccess()
        access.identity = key.path
        access.hostKeys = try hostKey.map { [try #require(HostKeyPin($0.fingerprint))] } ?? []
        return access
    }

    @Test(arguments: [("ed25519", nil), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521)] as [(String, Int?)])
    func `fetches by ssh with a key of every kind that servers take`(kind: (type: String, bits: Int?)) throws {
        let user = try SigningKey(kind.type, bits: kind.bits)
        let host = try SigningKey(kind.type, bits: kind.bits)
        let server = try SSHServer(hostKey: host, key: user)
        let source = try scene.source(server.address(of: scene.repository.path), access(user, pinning: host))
        #expect(try scene.tip(source) == scene.repository.git("rev-parse", "main"), "\(server.log)")
        let next = try scene.repository.commit(["b.yaml": "b: 1\n"])
        #expect(try scene.tip(source) == next)
    }

    @Test func `fetches by the short form of an address`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        // The short form knows no port, so that no server of ours can be meant; what reaches libgit2 is looked at.
        let url = try scene.url("\(server.user)@127.0.0.1:\(scene.repository.path)")
        #expect(url.address == "\(server.user)@127.0.0.1:\(scene.repository.path)")
        #expect(url.scheme == .ssh)
        #expect(url.host == "127.0.0.1")
    }

    @Test func `an unknown host key is refused with the fingerprint seen, and nothing is sent`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        let error = try scene.failure(of: server.address(of: scene.repository.path), access(key, pinning: nil))
        #expect(error.needsHuman)
        #expect(error.message.contains("the host key of 127.0.0.1 is not known: it shows ssh-ed25519 \(try host.fingerprint)"))
        #expect(error.message.contains("--host-key \(try host.fingerprint)"))
        #expect(!server.log.contains("Accepted publickey"))
    }

    @Test func `a changed host key is refused with both fingerprints`() throws {
        let (pinned, shown) = (try SigningKey(), try SigningKey())
        let server = try SSHServer(hostKey: shown, key: key)
        let error = try scene.failure(of: server.address(of: scene.repository.path), access(key, pinning: pinned))
        #expect(error.message.contains("changed: it shows ssh-ed25519 \(try shown.fingerprint), and \(try pinned.fingerprint) is pinned"))
        #expect(error.needsHuman)
    }

    @Test func `a known_hosts file pins a host, by its port and also by a hashed name`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        let folder = try TemporaryDirectory()
        let address = server.address(of: scene.repository.path)
        var access = try access(key, pinning: nil)
        let line = "[127.0.0.1]:\(server.port) \(host.publicLine)\n"
        access.knownHosts = try folder.write(line, to: "plain")
        #expect(try scene.tip(scene.source(address, access)) == scene.repository.git("rev-parse", "main"))
        let hashed = try folder.write(line, to: "hashed")
        #expect(try Subprocess.run(["ssh-keygen", "-q", "-H", "-f", hashed]).code == 0)
        #expect(folder.read("hashed").hasPrefix("|1|"))
        access.knownHosts = hashed
        #expect(try scene.tip(scene.source(address, access)) == scene.repository.git("rev-parse", "main"))
        access.knownHosts = try folder.write("127.0.0.1 \(host.publicLine)\n", to: "other-port")
        #expect(try scene.failure(of: address, access).message.contains("is not known"))
        access.knownHosts = try folder.write("@revoked * \(host.publicLine)\n\(line)", to: "revoked")
        #expect(try scene.failure(of: address, access).message.contains("is revoked"))
        access.knownHosts = folder.path + "/nowhere"
        #expect(try scene.failure(of: address, access).message.contains("cannot read"))
    }

    @Test func `a key that the server does not know ends in words and not in a loop`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        let stranger = try SigningKey()
        let error = try scene.failure(of: server.address(of: scene.repository.path), access(stranger, pinning: host))
        #expect(error.message.contains("does not let \(server.user) in with the key \(stranger.path)"))
        #expect(error.needsHuman)
    }

    @Test func `without a key it says which flag names one`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        var access = try access(key, pinning: host)
        access.identity = nil
        #expect(try scene.failure(of: server.address(of: scene.repository.path), access).message.contains("--ssh-key"))
    }

    @Test func `a key that cannot work is named before it is tried`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        let folder = try TemporaryDirectory()
        let locked = folder.path + "/locked"
        #expect(try Subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "a secret", "-f", locked]).code == 0)
        let rsa = try SigningKey("rsa", bits: 2048)
        let cases = [
            (rsa.path, "is an RSA key"), (locked, "has a passphrase"),
            (key.path + ".pub", "is a public key"), (try folder.write("", to: "empty"), "is empty"),
            (try folder.write("no key\n", to: "text"), "is not a private key"), (folder.path + "/nowhere", "cannot read"),
        ]
        for (path, reason) in cases {
            var access = try access(key, pinning: host)
            access.identity = path
            let error = try scene.failure(of: server.address(of: scene.repository.path), access)
            #expect(error.message.contains(reason), "\(error.message)")
            #expect(error.needsHuman)
        }
    }

    @Test func `the whole way by ssh with the program`() throws {
        let host = try SigningKey()
        let server = try SSHServer(hostKey: host, key: key)
        let whole = try Scene()
        let applied = try whole.charter(
            "apply", "--repo", server.address(of: whole.repository.path), "--ssh-key", key.path, "--host-key", host.fingerprint)
        #expect(applied.code == 0, "\(applied.errors) \(server.log)")
    }
}
