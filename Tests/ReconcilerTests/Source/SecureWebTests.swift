import Foundation
import TestKit
import Testing

@testable import Reconciler

struct SecureWebTests {
    let scene: SourceScene
    let folder: TemporaryDirectory
    static let secret = "s3cr3t-t0ken"

    init() throws {
        scene = try SourceScene()
        folder = try TemporaryDirectory()
    }

    private func server(_ manners: TLSGitServer.Manners = .init()) throws -> TLSGitServer {
        try TLSGitServer(root: scene.repository.root.path, manners)
    }

    private func access(_ server: TLSGitServer, password: String? = nil) throws -> RemoteAccess {
        var access = RemoteAccess()
        access.authorities = server.authority
        if let password { access.password = .file(try folder.write(password + "\n", to: "token")) }
        return access
    }

    @Test func `fetches by https from a host whose certificate an own authority signed`() throws {
        let server = try server()
        let source = try scene.source(server.address("repo.git"), access(server))
        #expect(try scene.tip(source) == scene.repository.git("rev-parse", "main"))
        let next = try scene.repository.commit(["b.yaml": "b: 1\n"])
        #expect(try scene.tip(source) == next)
        #expect(server.requests.allSatisfy { $0.hasSuffix(" nothing") })
    }

    @Test func `gives user and token from a file when it is asked, and reads the file anew each time`() throws {
        let server = try server(.init(asksFor: "x-access-token:\(Self.secret)"))
        let source = try scene.source(server.address("repo.git"), access(server, password: "old"))
        let error = try scene.failure(of: source)
        #expect(error.message.contains("the server refused the user and password") || error.message.contains("with the password in"))
        #expect(error.needsHuman)
        #expect(!error.message.contains("old"))
        #expect(server.requests.count < 6, "asked again and again: \(server.requests)")
        try folder.write(Self.secret + "\n", to: "token")
        #expect(try scene.tip(source) == scene.repository.git("rev-parse", "main"))
    }

    @Test func `takes user and password from the environment by the program, and never says them`() throws {
        let whole = try Scene()
        let server = try TLSGitServer(root: whole.repository.root.path, .init(asksFor: "ada:\(Self.secret)"))
        let words = ["apply", "--repo", server.address("repo.git"), "--git-ca-file", server.authority, "--git-user", "ada"]
        let refused = try whole.charter(words, environment: ["CHARTER_GIT_PASSWORD": "wrong-\(Self.secret)"])
        #expect(refused.code == 1)
        #expect(!(refused.errors + refused.output).contains(Self.secret))
        let applied = try whole.charter(words, environment: ["CHARTER_GIT_PASSWORD": Self.secret])
        #expect(applied.code == 0, "\(applied.errors)")
        #expect(!(applied.errors + applied.output).contains(Self.secret))
        let rows = try whole.sql("SELECT u::text FROM charter.unit u") + whole.sql("SELECT a::text FROM charter.audit a")
        #expect(!rows.contains { $0.contains(Self.secret) })
    }

    @Test func `says which flag to give when a server asks and there is no password`() throws {
        let server = try server(.init(asksFor: "a:b"))
        let error = try scene.failure(of: server.address("repo.git"), access(server))
        #expect(error.message.contains("--git-password-file"))
        #expect(error.needsHuman)
    }

    @Test func `refuses a certificate that no trusted authority signed`() throws {
        let server = try server(.init(asksFor: "a:b"))
        var access = try access(server, password: Self.secret)
        access.authorities = nil
        let error = try scene.failure(of: server.address("repo.git"), access)
        #expect(error.message.contains("the certificate of localhost is refused"))
        #expect(error.message.contains("no trusted authority signed it; name its authority's file with --git-ca-file"))
        #expect(error.needsHuman)
        #expect(server.requests == [])
    }

    @Test func `refuses a certificate for another host`() throws {
        let server = try server(.init(name: "git.example.com"))
        let error = try scene.failure(of: server.address("repo.git"), access(server, password: Self.secret))
        #expect(error.message.contains("the certificate of localhost is refused: it is for another host"), "\(error.message)")
        #expect(server.requests == [])
    }

    @Test func `an authority's file that cannot be read is named`() throws {
        let server = try server()
        var access = try access(server)
        access.authorities = folder.path + "/nowhere.pem"
        #expect(try scene.failure(of: server.address("repo.git"), access).message.contains("cannot read certificates in \(folder.path)/nowhere.pem"))
    }

    @Test func `credentials on redirect: a redirect is refused and the other host sees nothing`() throws {
        let other = try server(.init(asksFor: "x-access-token:\(Self.secret)"))
        let first = try server(.init(redirect: "https://localhost:\(other.port)"))
        let error = try scene.failure(of: first.address("repo.git"), access(first, password: Self.secret))
        #expect(error.message.contains("sends us to another address"), "\(error.message)")
        #expect(error.needsHuman)
        #expect(other.requests == [])
    }

    @Test(arguments: [false, true])
    func `credentials on redirect: another name is another host, also at the same port`(afterPassword: Bool) throws {
        let server = try server(
            .init(
                name: "localhost,IP:127.0.0.1", asksFor: "x-access-token:\(Self.secret)", redirect: "https://127.0.0.1:SELF",
                redirectsFriends: afterPassword))
        let error = try scene.failure(of: server.address("repo.git"), access(server, password: Self.secret))
        #expect(error.message.contains("sends us to another address"), "\(error.message)")
        #expect(error.needsHuman)
        #expect(!server.hosts.isEmpty && server.hosts.allSatisfy { $0 == "localhost" }, "\(server.hosts)")
    }

    @Test(arguments: ["localhost,IP:10.9.9.9", "localhost,IP:127.0.0.2", "localhost"])
    func `refuses a certificate for another address`(names: String) throws {
        let server = try server(.init(name: names, asksFor: "a:b"))
        let error = try scene.failure(of: server.address("repo.git", host: "127.0.0.1"), access(server, password: Self.secret))
        #expect(error.message.contains("the certificate of 127.0.0.1 is refused: it is for another host"), "\(error.message)")
        #expect(server.requests == [])
    }

    @Test func `a password is never sent over http`() throws {
        let server = try server(.init(asksFor: "x-access-token:\(Self.secret)", isPlain: true))
        let error = try scene.failure(of: server.address("repo.git", scheme: "http"), access(server, password: Self.secret))
        #expect(error.message.contains("a password is sent by https only"))
        #expect(server.requests == [])
    }

    @Test func `fetches by plain http where nothing is secret`() throws {
        let server = try server(.init(isPlain: true))
        #expect(try scene.tip(scene.source(server.address("repo.git", scheme: "http"))) == scene.repository.git("rev-parse", "main"))
    }

    @Test(arguments: [(404, true), (403, true), (500, false), (503, false)])
    func `an answer that is none says its status, and whether trying again helps`(status: Int, needsHuman: Bool) throws {
        let server = try server(.init(status: status))
        let error = try scene.failure(of: server.address("repo.git"), access(server))
        #expect(error.message.contains("\(status)"), "\(error.message)")
        #expect(error.needsHuman == needsHuman, "\(error.message)")
    }

    @Test(arguments: ["", "0000", "zzzz", "0004", "ffff", "001e# service=git-upload-pack\n0000", "001e# service=git-upload-pack\n0000fff0abc"])
    func `a server that answers nonsense is an error and not a crash`(text: String) throws {
        let server = try server(.init(garbage: text.isEmpty ? "x" : text))
        let error = try scene.failure(of: server.address("repo.git"), access(server))
        #expect(!error.message.contains("signal"), "\(error.message)")
    }
}
