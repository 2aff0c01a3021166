import Testing

@testable import Reconciler

struct SignedCommitTests {
    private static let head = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n"
    private static let signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----\n"

    private func read(_ text: String) throws -> SignedCommit { try SignedCommit(Array(text.utf8)) }

    @Test func `takes the signature out and leaves every other byte`() throws {
        let commit = try read(Self.head + Self.signature + "\nA message\n\ngpgsig no header\n")
        #expect(String(decoding: commit.payload, as: UTF8.self) == Self.head + "\nA message\n\ngpgsig no header\n")
        #expect(commit.signature == .ssh(Array("-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n".utf8)))
    }

    @Test(arguments: ["", head, head + "\n", head + "\nx", "\n", "mergetag x\n gpgsig y\n\n"])
    func `a commit without a signature is its own payload`(text: String) throws {
        let commit = try read(text)
        #expect(commit.signature == nil && commit.payload == Array(text.utf8))
    }

    @Test(arguments: [
        (head + signature + signature + "\n", "it has two signatures"),
        (head + signature + "encoding x\n" + signature + "\n", "it has two signatures"),
        (signature + head + "\n", "its signature does not follow its committer"),
        (head + "gpgsig-sha256 x\n\n", "it has a signature over another kind of object"),
        (head + "committer B <b@x> 1 +0000\n\n", "it has two committers"),
    ])
    func `refuses a commit that says two things`(text: String, reason: String) {
        #expect(throws: CommitTextProblem(reason)) { try read(text) }
    }

    @Test func `a signature of another sort is told apart`() throws {
        #expect(try read(Self.head + "gpgsig -----BEGIN SIGNED MESSAGE-----\n\n").signature == .other)
        #expect(try read(Self.head + "gpgsig\n\n").signature == .other)
    }

    @Test(arguments: [
        ("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG K A\n[GNUPG:] VALIDSIG F d t 0 4 0 22 8 00 P\n", GnuPGReport.Finding.good("P")),
        ("[GNUPG:] GOODSIG K A\n[GNUPG:] VALIDSIG F d t 0 4 0 22 8 01 P\n", .bad("it is not a signature over a file")),
        (
            "[GNUPG:] GOODSIG K A\n[GNUPG:] VALIDSIG F d t 0 4 0 22 8 00 P\n[GNUPG:] GOODSIG K B\n[GNUPG:] VALIDSIG G d t 0 4 0 22 8 00 Q\n",
            .bad("there are two of them")
        ),
        ("[GNUPG:] GOODSIG K A\n[GNUPG:] BADSIG K A\n", .bad("it does not belong to this text")),
        ("[GNUPG:] EXPKEYSIG K A\n[GNUPG:] VALIDSIG F d t 0 4 0 22 8 00 P\n", .bad("its key has expired")),
        ("[GNUPG:] REVKEYSIG K A\n[GNUPG:] VALIDSIG F d t 0 4 0 22 8 00 P\n", .bad("its key was revoked")),
        ("[GNUPG:] ERRSIG K 22 8 00 t 9 F\n[GNUPG:] NO_PUBKEY K\n", .unknownKey("F")),
        ("[GNUPG:] ERRSIG K 22 8 00 t 4 -\n", .bad("gpg cannot read it")),
        ("gpg: GOODSIG K A\n", .bad("gpg does not call it good")), ("", .bad("gpg does not call it good")),
    ])
    func `reads what gpg says, and takes nothing for good that is not said`(status: String, finding: GnuPGReport.Finding) {
        #expect(GnuPGReport(status).finding == finding)
    }
}
