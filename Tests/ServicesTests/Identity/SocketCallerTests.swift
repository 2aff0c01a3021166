import Glibc
import HTTP
import Policy
import Spec
import Testing

@testable import Services

struct SocketCallerTests {
    @Test func `the account that runs this process may do everything, and is named by its account`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let peer = try #require(SocketPeer(of: ends[0]))
        #expect(peer.process == getpid() && peer.user == geteuid())
        let caller = try Identity().caller(over: peer)
        #expect(caller.name == Account.name(of: geteuid()) && caller.org == nil && caller.member == nil)
        #expect(Permission.allCases.allSatisfy { caller.may($0, in: nil) && caller.may($0, in: "acme") })
    }

    @Test func `root may, and any other account may not`() throws {
        #expect(try Identity().caller(over: SocketPeer(process: 1, user: 0)).proof == .socket(account: "root"))
        let other = geteuid() == 65_534 ? 65_533 : 65_534 as UInt32
        #expect(throws: IdentityRefusal.self) { try Identity().caller(over: SocketPeer(process: 1, user: other)) }
    }

    @Test func `what is no local socket has no peer`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(SocketPeer(of: ends[0]) == nil)
    }

    @Test func `an account without a name is told by its number`() { #expect(Account.name(of: 4_000_000_000) == "4000000000") }
}
