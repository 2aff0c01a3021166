import TestKit
import Testing

@testable import Crypto

/// Signatures that `openssl` made, and every class of bad ones that Project Wycheproof has for JSON Web Signatures.
struct SignatureKeyTests {
    private static let rsa = Result { try TokenKey(.rsa(bits: 2048)) }
    private static let message = Array("header.claims".utf8)

    private static func key(for algorithm: SignatureAlgorithm) throws -> TokenKey {
        switch algorithm {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: try rsa.get()
        case .es256: try TokenKey(.ec("P-256"))
        case .es384: try TokenKey(.ec("P-384"))
        case .es512: try TokenKey(.ec("P-521"))
        case .edDSA: try TokenKey(.ed25519)
        }
    }

    private static func verifying(_ key: TokenKey) throws -> SignatureKey {
        switch key.kind {
        case .rsa: return try #require(SignatureKey(rsaModulus: key.modulus, exponent: TokenKey.exponent))
        case .ec(let name):
            let point = try key.publicBytes(2 * key.size)
            let curve = try #require(SignatureKey.Curve(rawValue: name))
            return try #require(SignatureKey(curve: curve, x: Array(point.prefix(key.size)), y: Array(point.suffix(key.size))))
        case .ed25519: return try #require(SignatureKey(ed25519: key.publicBytes(32)))
        }
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a signature that openssl made is good for its text and no other`(algorithm: SignatureAlgorithm) throws {
        let key = try Self.key(for: algorithm)
        let verifying = try Self.verifying(key)
        let signature = try key.sign("header.claims", algorithm.rawValue)
        #expect(verifying.verifies(signature, of: Self.message, by: algorithm))
        #expect(!verifying.verifies(signature, of: Self.message + [0], by: algorithm))
        #expect(!verifying.verifies(signature, of: [], by: algorithm))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a signature with any byte changed, cut or lengthened is bad`(algorithm: SignatureAlgorithm) throws {
        let key = try Self.key(for: algorithm)
        let verifying = try Self.verifying(key)
        let signature = try key.sign("header.claims", algorithm.rawValue)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!verifying.verifies(changed, of: Self.message, by: algorithm), "byte \(index)")
        }
        for bad in [[], Array(signature.dropLast()), Array(signature.dropFirst()), signature + [0], [0] + signature] {
            #expect(!verifying.verifies(bad, of: Self.message, by: algorithm), "\(bad.count) bytes")
        }
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a good signature is bad by every other algorithm`(algorithm: SignatureAlgorithm) throws {
        let key = try Self.key(for: algorithm)
        let verifying = try Self.verifying(key)
        let signature = try key.sign("header.claims", algorithm.rawValue)
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!verifying.verifies(signature, of: Self.message, by: other), "\(other)")
        }
    }

    @Test(arguments: [SignatureAlgorithm.es256, .es384, .es512])
    func `an elliptic signature of zeros, or of one zero, is bad`(algorithm: SignatureAlgorithm) throws {
        let key = try Self.key(for: algorithm)
        let verifying = try Self.verifying(key)
        let signature = try key.sign("header.claims", algorithm.rawValue)
        let zeros = [UInt8](repeating: 0, count: key.size)
        let full = [UInt8](repeating: 0xff, count: key.size)
        for bad in [zeros + zeros, zeros + signature.suffix(key.size), signature.prefix(key.size) + zeros, full + full] {
            #expect(!verifying.verifies(bad, of: Self.message, by: algorithm))
        }
    }

    @Test func `padding of PKCS 1 that is not the whole number is bad`() throws {
        let key = try Self.rsa.get()
        let verifying = try Self.verifying(key)
        let modulus = try key.modulus
        for bad in [[UInt8](repeating: 0, count: modulus.count), [UInt8](repeating: 0, count: modulus.count - 1) + [1], modulus] {
            for algorithm in [SignatureAlgorithm.rs256, .rs512, .ps256, .ps512] {
                #expect(!verifying.verifies(bad, of: Self.message, by: algorithm))
            }
        }
    }

    @Test func `a weak RSA key is none`() throws {
        let weak = try TokenKey(.rsa(bits: 1024))
        #expect(SignatureKey(rsaModulus: try weak.modulus, exponent: TokenKey.exponent) == nil)
        let modulus = try Self.rsa.get().modulus
        for exponent in [[], [0], [1], [0, 1], [2], [1, 0, 0], [UInt8](repeating: 0xff, count: 9)] {
            #expect(SignatureKey(rsaModulus: modulus, exponent: exponent) == nil, "\(exponent)")
        }
        #expect(SignatureKey(rsaModulus: Array(modulus.dropLast()) + [modulus[modulus.count - 1] & 0xfe], exponent: TokenKey.exponent) == nil)
        #expect(SignatureKey(rsaModulus: [], exponent: TokenKey.exponent) == nil)
    }

    @Test func `a point beside its curve, at infinity, or of another length is no key`() throws {
        let point = try TokenKey(.ec("P-256")).publicBytes(64)
        let (x, y) = (Array(point.prefix(32)), Array(point.suffix(32)))
        #expect(SignatureKey(curve: .p256, x: x, y: y) != nil)
        #expect(SignatureKey(curve: .p256, x: y, y: x) == nil)
        #expect(SignatureKey(curve: .p256, x: [UInt8](repeating: 0, count: 32), y: [UInt8](repeating: 0, count: 32)) == nil)
        #expect(SignatureKey(curve: .p256, x: [0] + x, y: y) == nil)
        #expect(SignatureKey(curve: .p384, x: x, y: y) == nil)
        #expect(SignatureKey(ed25519: x + [0]) == nil)
    }
}
