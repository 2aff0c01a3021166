import Foundation
import TestKit
import Testing

/// Commits whose signature is made to pass for another than it is.
struct SignatureConfusionTests {
    let signed: SignedScene

    init() throws {
        signed = try SignedScene("signatures: { required: require }")
        try signed.changeBudget(7, signedBy: signed.sam)
    }

    /// The header with its continuation lines.
    private func signature(in commit: String) throws -> String {
        let start = try #require(commit.range(of: "gpgsig "))
        let end = try #require(commit.range(of: "-----END SSH SIGNATURE-----\n"))
        return String(commit[start.lowerBound..<end.upperBound])
    }

    @Test func `a commit written anew with the same text is as good as before`() throws {
        try signed.rewriteTip { $0 }
        #expect(try signed.refusal() == [])
    }

    @Test func `gpgsig twice is refused, also where both are the same and good`() throws {
        try signed.rewriteTip { text in
            let header = try signature(in: text)
            return text.replacing(header, with: header + header)
        }
        #expect(try signed.refusal() == ["CH4002"])
    }

    @Test func `a second gpgsig of another sort is refused`() throws {
        let pgp = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iHUEABYKAB0WIQQ\n =AAAA\n -----END PGP SIGNATURE-----\n"
        for isFirst in [true, false] {
            try signed.changeBudget(isFirst ? 8 : 9, signedBy: signed.sam)
            try signed.rewriteTip { text in
                let header = try signature(in: text)
                return text.replacing(header, with: isFirst ? pgp + header : header + pgp)
            }
            #expect(try signed.refusal() == ["CH4002"])
        }
    }

    @Test func `an SSH signature in the armor of OpenPGP proves nothing`() throws {
        try signed.rewriteTip { $0.replacing(" SSH SIGNATURE", with: " PGP SIGNATURE") }
        let codes = try signed.refusal()
        #expect(codes == ["CH4004"] || codes == ["CH4002"], "\(codes)")
    }

    @Test func `a signature over a file, or for another namespace, is none of a commit`() throws {
        var payload = ""
        try signed.rewriteTip { text in
            payload = text.replacing(try signature(in: text), with: "")
            return text
        }
        for (namespace, codes) in [("file", ["CH4002"]), ("git", [])] {
            let armor = String(decoding: try signed.sam.sign(payload, namespace: namespace), as: UTF8.self)
            let header = "gpgsig " + armor.split(separator: "\n").joined(separator: "\n ") + "\n"
            try signed.rewriteTip { text in text.replacing(try signature(in: text), with: header) }
            #expect(try signed.refusal() == codes, "\(namespace)")
        }
    }

    @Test func `a signature in the message is none`() throws {
        try signed.rewriteTip { text in
            let header = try signature(in: text)
            return text.replacing(header, with: "") + "\n" + header
        }
        #expect(try signed.refusal() == ["CH4001"])
    }

    @Test func `an empty signature is no signature that anybody made`() throws {
        try signed.rewriteTip { text in
            text.replacing(try signature(in: text), with: "gpgsig \n")
        }
        #expect(try !signed.refusal().isEmpty)
    }
}
