import Crypto
import TestKit
import Testing

@testable import Services

struct KeySetTests {
    private static let rsa = Result { try TokenKey(.rsa(bits: 2048)) }
    private static let ec = Result { try TokenKey(.ec("P-256")) }

    private static func set(_ keys: String...) throws -> KeySet { try KeySet(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)) }

    @Test func `a key is found by its id and what it can sign with`() throws {
        let set = try Self.set(Self.rsa.get().jwk(#""kid":"r""#), Self.ec.get().jwk(#""kid":"e""#))
        #expect(set.key("r", for: .rs256) != nil && set.key("r", for: .ps512) != nil && set.key("r", for: .es256) == nil)
        #expect(set.key("e", for: .es256) != nil && set.key("e", for: .es384) == nil && set.key("x", for: .es256) == nil)
        #expect(set.has("r") && !set.has("x") && set.has(nil))
    }

    @Test func `a token without an id is of the one key that can have signed it`() throws {
        let both = try Self.set(Self.rsa.get().jwk(#""kid":"r""#), Self.ec.get().jwk(#""kid":"e""#))
        #expect(both.key(nil, for: .es256) != nil)
        let two = try Self.set(TokenKey(.ec("P-256")).jwk(#""kid":"f""#), Self.ec.get().jwk(#""kid":"e""#))
        #expect(two.key(nil, for: .es256) == nil && two.key("e", for: .es256) != nil)
    }

    @Test func `two keys of one id and kind are neither`() throws {
        let set = try Self.set(TokenKey(.ec("P-256")).jwk(#""kid":"e""#), Self.ec.get().jwk(#""kid":"e""#), Self.rsa.get().jwk(#""kid":"e""#))
        #expect(set.key("e", for: .es256) == nil)
        #expect(set.key("e", for: .rs256) != nil)
    }

    @Test(arguments: [
        #""use":"enc""#, #""use":7"#, #""key_ops":["sign"]"#, #""key_ops":"verify""#, #""alg":"RS256""#, #""alg":"HS256""#, #""alg":7"#, #""d":"AA""#,
    ])
    func `a key for something else is not in the set`(member: String) throws {
        #expect(try !Self.set(Self.ec.get().jwk(#""kid":"e""#, member)).has("e"))
    }

    @Test(arguments: [#""use":"sig""#, #""key_ops":["verify"]"#, #""alg":"ES256""#, #""x5t":"abc""#])
    func `a key for signatures is`(member: String) throws {
        #expect(try Self.set(Self.ec.get().jwk(#""kid":"e""#, member)).key("e", for: .es256) != nil)
    }

    @Test func `the algorithm that a key names is the only one`() throws {
        let set = try Self.set(Self.rsa.get().jwk(#""kid":"r""#, #""alg":"RS512""#))
        #expect(set.key("r", for: .rs512) != nil && set.key("r", for: .rs256) == nil)
    }

    @Test func `keys of unknown kinds, weak ones and broken ones leave the others be`() throws {
        let weak = try TokenKey(.rsa(bits: 1024)).jwk(#""kid":"w""#)
        let set = try Self.set(
            #"{"kty":"oct","k":"AAAA","kid":"o"}"#, #"{"kty":"AKP","kid":"p"}"#, weak, #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"b"}"#,
            #"{"kty":"OKP","crv":"X25519","x":"AA","kid":"x"}"#, #"{"kid":"n"}"#, Self.ec.get().jwk(#""kid":"e""#))
        for id in ["o", "p", "w", "b", "x", "n"] { #expect(!set.has(id), "\(id)") }
        #expect(set.key("e", for: .es256) != nil)
    }

    @Test(arguments: ["", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[7]}"#, #"{"keys":[],"keys":[]}"#, #"{"keys":[{"kty":"RSA","kty":"EC"}]}"#])
    func `what is no set is refused whole`(text: String) {
        #expect(throws: TokenProblem.self) { try KeySet(Array(text.utf8)) }
    }

    @Test func `a set too large is refused whole`() throws {
        let key = #"{"kty":"oct"}"#
        #expect(throws: Never.self) { try KeySet(Array("{\"keys\":[\([String](repeating: key, count: 64).joined(separator: ","))]}".utf8)) }
        #expect(throws: TokenProblem.self) { try KeySet(Array("{\"keys\":[\([String](repeating: key, count: 65).joined(separator: ","))]}".utf8)) }
        #expect(throws: TokenProblem.self) { try KeySet(Array("{\"pad\":\"\(String(repeating: "x", count: 257 << 10))\",\"keys\":[]}".utf8)) }
    }
}
