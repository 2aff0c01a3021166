import Crypto
import Policy
import Spec
import TestKit
import Testing

@testable import Services

/// In whose line a credential's calls wait.
struct CallerBookTests {
    private let credential = SHA256.digest("sk_test")

    private func caller(org: String?) -> Services.Caller {
        let rights = org.map { Rights(org: $0, inOrganization: [.usageRead], inProjects: [:]) } ?? .ofHost
        return Services.Caller(name: "ada", member: nil, rights: rights, proof: .key(id: "k"))
    }

    @Test func `a credential that was good waits with its organization until it is not good`() {
        var book = CallerBook()
        #expect(book.party(of: credential) == nil)
        book.note(credential, caller(org: "acme"))
        #expect(book.party(of: credential) == .organization("acme"))
        book.note(credential, caller(org: nil))
        #expect(book.party(of: credential) == .platform)
        book.note(credential, nil)
        #expect(book.party(of: credential) == nil)
    }

    @Test func `only so many are remembered, and who shows ever new ones has none of another's forgotten`() {
        var book = CallerBook()
        book.note(credential, caller(org: "globex"))
        for number in 0..<20_000 { book.note(SHA256.digest("sk_\(number)"), caller(org: "acme")) }
        let known = (0..<20_000).count { book.party(of: SHA256.digest("sk_\($0)")) != nil }
        #expect((1...4096).contains(known))
        #expect(book.party(of: SHA256.digest("sk_19999")) == .organization("acme"))
        #expect(book.party(of: credential) == .organization("globex"))
    }
}
