import Testing

@testable import Reconciler

struct RemoteURLTests {
    private func parse(_ text: String) throws -> RemoteURL {
        guard case .url(let url) = try SourceLocation.parse(text) else { throw SourceLocationError.malformed(text) }
        return url
    }

    @Test(arguments: [
        "https://ada:s3cret@example.com/a.git", "https://:s3cret@example.com/a.git", "ssh://ada:s3cret@example.com/a", "https://ada:s3@cret@example.com/a",
    ]) func `an address with a password is refused without repeating it`(text: String) throws {
        let error = #expect(throws: SourceLocationError.password) { try SourceLocation.parse(text) }
        #expect(error?.description.contains("s3") == false)
        #expect(error?.description.contains("--git-password-file") == true)
    }

    @Test func `the user of https may be a token and is never printed`() throws {
        let url = try parse("https://t0ken@example.com:8443/a.git")
        #expect(url.user == "t0ken")
        #expect(url.description == "https://example.com:8443/a.git")
    }

    @Test(arguments: [
        "ssh://git@example.com/a/b.git", "ssh://git@example.com:2222/~/b.git", "git@example.com:a/b.git", "git@example.com:/a/b.git",
        "git://example.com/a", "https://[::1]:8443/a.git", "file:///srv/git/a b.git", "http://example.com/a",
    ]) func `takes an address and says it again`(text: String) throws {
        #expect(try parse(text).description == text)
        #expect(try parse(text).address == text)
    }

    /// Each would reach a server's shell, ssh's command line, or another request than the one that is meant.
    @Test(arguments: [
        "ssh://-oProxyCommand=x/a", "ssh://git@-oProxyCommand=x/a", "ssh://git@example.com/a';id;'", "ssh://git@example.com/a`id`",
        "ssh://git@example.com/$(id)", "ssh://-x@example.com/a", "git@example.com:-x", "git@example.com:a b", "git@-x.com:a", "ssh://git@/a", "ssh://example.com",
        "git://example.com/a%0ahost=evil", "git://example.com/a%00b", "https://example.com/a#b", "https://example.com/a?b", "https://exa mple.com/a",
        "https://example.com:0/a", "https://example.com:99999/a", "https://example.com:1x/a", "https://example.com\\\\@evil.com/a", "file://evil.com/a",
        "https://a@b@example.com/a",
    ]) func `refuses an address that could mean something else`(text: String) {
        #expect(throws: SourceLocationError.self) { try SourceLocation.parse(text) }
    }

    @Test(arguments: ["git@example.com:a\nb", "https://example.com/\u{7f}", ""]) func `refuses control characters`(text: String) {
        #expect(throws: SourceLocationError.self) { try SourceLocation.parse(text) }
    }
}
