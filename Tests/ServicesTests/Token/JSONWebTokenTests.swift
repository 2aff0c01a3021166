import Crypto
import Spec
import TestKit
import Testing

@testable import Services

/// Every pitfall of tokens that RFC 8725 and earlier vulnerabilities name.
struct JSONWebTokenTests {
    private static let rsa = Result { try TokenKey(.rsa(bits: 2048)) }
    private static let ec = Result { try TokenKey(.ec("P-256")) }
    private static let now = Instant(milliseconds: 1_800_000_000_000)
    private static let seconds = 1_800_000_000
    private static let issuer = "https://login.acme.example"

    private static func claims(_ more: String = "", exp: String = "\(seconds + 300)", sub: String = "\"u1\"", aud: String = "\"charter\"") -> String {
        #"{"iss":"\#(issuer)","sub":\#(sub),"aud":\#(aud),"exp":\#(exp)\#(more.isEmpty ? "" : "," + more)}"#
    }

    private static func key(_ key: TokenKey, _ algorithm: SignatureAlgorithm = .es256) throws -> SignatureKey {
        let set = try KeySet(Array(#"{"keys":[\#(try key.jwk(#""kid":"a""#))]}"#.utf8))
        return try #require(set.key("a", for: algorithm))
    }

    /// Whether the token is read, signed by `ec`, for `charter` and good now.
    private static func isGood(_ token: String) -> Bool {
        guard let signer = try? key(ec.get()), let read = try? JSONWebToken(token), let claims = try? read.claims(verifiedBy: signer) else {
            return false
        }
        return (try? claims.check(audience: "charter", now: now)) != nil
    }

    private static func token(_ claims: String, header: String = #""kid":"a""#) throws -> String {
        try ec.get().token("ES256", header: header, claims: claims)
    }

    @Test func `a token of the issuer's key for us is good, and says who`() throws {
        let token = try JSONWebToken(Self.token(Self.claims(#""groups":["leads","all"],"role":"ops""#)))
        #expect(token.keyID == "a" && token.algorithm == .es256 && token.claimedIssuer == Self.issuer)
        let claims = try token.claims(verifiedBy: Self.key(Self.ec.get()))
        try claims.check(audience: "charter", now: Self.now)
        #expect(claims.subject == "u1" && claims.issuer == Self.issuer)
        #expect(try claims.groups(in: "groups") == ["leads", "all"])
        #expect(try claims.groups(in: "role") == ["ops"])
        #expect(try claims.groups(in: "none") == [])
    }

    @Test(arguments: ["none", "None", "NONE", "nOnE", "", "HS256", "hs256", "HS512", "es256", "ES256K", "RSA1_5", "dir"])
    func `an algorithm that is none, secret or unknown is refused`(algorithm: String) throws {
        let body = TokenKey.base64URL(Array(#"{"alg":"\#(algorithm)"}"#.utf8)) + "." + TokenKey.base64URL(Array(Self.claims().utf8))
        #expect(throws: TokenProblem.self) { try JSONWebToken(body + ".") }
        #expect(!Self.isGood(try Self.ec.get().signed(#"{"alg":"\#(algorithm)","kid":"a"}"#, Self.claims(), "ES256")))
        #expect(Self.isGood(try Self.token(Self.claims())))
    }

    @Test func `a public RSA key is no secret to sign with (algorithm confusion)`() throws {
        let signer = try Self.rsa.get()
        let header = TokenKey.base64URL(Array(#"{"alg":"HS256","kid":"a"}"#.utf8))
        let body = header + "." + TokenKey.base64URL(Array(Self.claims().utf8))
        let code = HMAC.code(.sha256, key: try signer.modulus, Array(body.utf8))
        #expect(throws: TokenProblem.self) { try JSONWebToken(body + "." + TokenKey.base64URL(code)) }
        // A key of one kind answers no algorithm of another.
        let set = try KeySet(Array(#"{"keys":[\#(try signer.jwk(#""kid":"a""#))]}"#.utf8))
        #expect(set.key("a", for: .es256) == nil && set.key("a", for: .rs256) != nil)
    }

    @Test func `a good signature under another algorithm's name is refused`() throws {
        let signer = try Self.rsa.get()
        let verifying = try Self.key(signer, .rs256)
        for name in ["RS384", "PS256", "RS512"] {
            let token = try JSONWebToken(signer.signed(#"{"alg":"\#(name)"}"#, Self.claims(), "RS256"))
            #expect(throws: TokenProblem.self) { try token.claims(verifiedBy: verifying) }
        }
    }

    @Test func `a header, claim or signature that was changed is refused`() throws {
        let parts = try Self.token(Self.claims()).split(separator: ".").map(String.init)
        let other = TokenKey.base64URL(Array(Self.claims(sub: "\"root\"").utf8))
        #expect(!Self.isGood([parts[0], other, parts[2]].joined(separator: ".")))
        let header = TokenKey.base64URL(Array(#"{"kid":"a","alg":"ES256"}"#.utf8))
        #expect(!Self.isGood([header, parts[1], parts[2]].joined(separator: ".")))
        #expect(!Self.isGood([parts[0], parts[1], ""].joined(separator: ".")))
        #expect(!Self.isGood([parts[0], parts[1], TokenKey.base64URL([UInt8](repeating: 0, count: 64))].joined(separator: ".")))
    }

    @Test func `padding, spaces and other texts of the same bytes are refused (ModifiedPadding)`() throws {
        let token = try Self.token(Self.claims())
        #expect(Self.isGood(token))
        let parts = token.split(separator: ".").map(String.init)
        for part in 0..<3 {
            for change in [{ $0 + "=" }, { $0 + "==" }, { $0 + "A" }, { " " + $0 }, { $0 + "\n" }, { $0.dropLast() + "+" }, { $0 + "%3D" }] as [(String) -> String] {
                var changed = parts
                changed[part] = change(parts[part])
                #expect(!Self.isGood(changed.joined(separator: ".")), "part \(part)")
            }
        }
        // 64 bytes leave four bits over, which must be nothing.
        let last = parts[2].last == "A" ? "B" : "\(Character(Unicode.Scalar((parts[2].utf8.last ?? 0) + 1)))"
        #expect(!Self.isGood([parts[0], parts[1], parts[2].dropLast() + last].joined(separator: ".")))
    }

    @Test(arguments: ["", ".", "..", "a", "a.b", "a.b.c.d", "e.e.e.e.e", "eyJhbGciOiJFUzI1NiJ9..", "....", "{}.{}.{}"])
    func `what has not three parts of Base64 is refused`(text: String) {
        #expect(throws: TokenProblem.self) { try JSONWebToken(text) }
    }

    @Test func `a token longer than any issuer's is refused before it is read`() throws {
        let long = try Self.token(Self.claims(#""pad":"\#(String(repeating: "x", count: 17 << 10))""#))
        #expect(throws: TokenProblem.self) { try JSONWebToken(long) }
    }

    @Test(arguments: [#""crit":["exp"]"#, #""crit":[]"#, #""b64":false"#, #""zip":"DEF""#, #""enc":"A256GCM""#, #""cty":"JWT""#, #""typ":"logout+jwt""#, #""typ":7"#, #""kid":"""#, #""kid":5"#])
    func `a header that asks for what is not understood is refused`(member: String) throws {
        #expect(!Self.isGood(try Self.token(Self.claims(), header: member)))
    }

    @Test func `keys and addresses of keys that a token brings are not read`() throws {
        let stranger = try TokenKey(.ec("P-256"))
        let header = #""kid":"a","jwk":\#(try stranger.jwk()),"jku":"https://evil.example/keys","x5u":"https://evil.example/x","x5c":["AA=="]"#
        #expect(!Self.isGood(try stranger.token("ES256", header: header, claims: Self.claims())))
        #expect(Self.isGood(try Self.token(Self.claims(), header: header)))
    }

    @Test(arguments: ["../../dev/null", "' OR 1=1 --", "a\\u0000b", "b"])
    func `a key id is a name among the issuer's and nothing else`(id: String) throws {
        let set = try KeySet(Array(#"{"keys":[\#(try Self.ec.get().jwk(#""kid":"a""#))]}"#.utf8))
        let token = try JSONWebToken(Self.token(Self.claims(), header: #""kid":"\#(id)""#))
        #expect(set.key(token.keyID, for: token.algorithm) == nil)
        #expect(throws: TokenProblem.self) { try JSONWebToken(Self.token(Self.claims(), header: #""kid":"\#(String(repeating: "k", count: 300))""#)) }
    }

    @Test func `a name that stands twice is refused in the header and in the claims`() throws {
        #expect(!Self.isGood(try Self.ec.get().signed(#"{"alg":"ES256","kid":"a","alg":"ES256"}"#, Self.claims(), "ES256")))
        #expect(!Self.isGood(try Self.ec.get().signed(#"{"alg":"ES256","kid":"a","\u0061lg":"none"}"#, Self.claims(), "ES256")))
        #expect(!Self.isGood(try Self.token(Self.claims(#""sub":"root""#))))
        #expect(!Self.isGood(try Self.token(Self.claims(#""iss":"https://evil.example""#))))
    }

    @Test(arguments: ["[]", "\"text\"", "7", "", "{", "{\"iss\":1}", "{}", "\u{FEFF}{}"])
    func `claims that are no object of strict JSON with an issuer are refused`(claims: String) throws {
        #expect(!Self.isGood(try Self.token(claims)))
    }

    @Test(arguments: ["\"1800000300\"", "1e400", "1.8e9", "1800000300.5", "-1", "null", "true", "99999999999999999999", "253402300800", "[1800000300]"])
    func `a time that is no whole number within the calendar is refused`(time: String) throws {
        #expect(!Self.isGood(try Self.token(Self.claims(exp: time))))
        #expect(!Self.isGood(try Self.token(Self.claims(#""nbf":\#(time)"#))))
        #expect(!Self.isGood(try Self.token(Self.claims(#""iat":\#(time)"#))))
    }

    @Test(arguments: [(-61, false), (-60, false), (-59, true), (0, true), (1, true)])
    func `an expired token is good for the minute that clocks may differ, and no longer`(offset: Int, isGood: Bool) throws {
        #expect(Self.isGood(try Self.token(Self.claims(exp: "\(Self.seconds + offset)"))) == isGood)
    }

    @Test(arguments: [("nbf", 60, true), ("nbf", 61, false), ("iat", 60, true), ("iat", 61, false), ("nbf", -900, true)])
    func `a token of the future is refused`(name: String, offset: Int, isGood: Bool) throws {
        #expect(Self.isGood(try Self.token(Self.claims(#""\#(name)":\#(Self.seconds + offset)"#))) == isGood)
    }

    @Test func `a token without an end is refused`() throws {
        #expect(!Self.isGood(try Self.token(#"{"iss":"\#(Self.issuer)","sub":"u1","aud":"charter"}"#)))
    }

    @Test(arguments: [
        ("\"charter\"", true), ("[\"other\",\"charter\"]", true), ("[\"charter\"]", true), ("[]", false), ("\"\"", false),
        ("\"charter2\"", false), ("\"Charter\"", false), ("[\"other\"]", false), ("{\"charter\":1}", false), ("[\"charter\",7]", false),
        ("null", false), ("\"other charter\"", false),
    ])
    func `a token is for us when its audience names us exactly`(audience: String, isGood: Bool) throws {
        #expect(Self.isGood(try Self.token(Self.claims(aud: audience))) == isGood)
    }

    @Test func `a token without an audience is for nobody`() throws {
        #expect(!Self.isGood(try Self.token(#"{"iss":"\#(Self.issuer)","sub":"u1","exp":\#(Self.seconds + 300)}"#)))
    }

    @Test(arguments: ["\"\"", "null", "7", "[\"u1\"]"])
    func `a token of nobody is refused`(subject: String) throws {
        #expect(!Self.isGood(try Self.token(Self.claims(sub: subject))))
    }
}
