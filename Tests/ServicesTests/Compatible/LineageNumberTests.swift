import Crypto
import Spec
import Testing

@testable import Services

/// Numbers in place of uids, and names in place of titles.
struct LineageNumberTests {
    @Test func `a number finds the uids that it was made of, and no others`() throws {
        for _ in 0..<100 {
            let uid = SecureRandom.uuid()
            let number = try #require(LineageNumber.number(of: uid))
            let uids = try #require(LineageNumber.uids(of: number))
            #expect(uids.contains(uid) && number < 1 << 53)
            #expect(LineageText.isUID(uid) && LineageText.isUID(uids.lowerBound) && LineageText.isUID(uids.upperBound))
            #expect(try LineageNumber.uids(of: #require(LineageNumber.number(of: uids.upperBound))) == uids)
        }
        #expect(LineageNumber.uids(of: 0)?.lowerBound == "00000000-0000-0000-0000-000000000000")
        #expect(LineageNumber.uids(of: -1) == nil && LineageNumber.uids(of: 1 << 48) == nil)
        #expect(!LineageText.isUID("7F0F3C1E-0000-4000-8000-000000000001") && !LineageText.isUID("7f0f3c1e"))
    }

    @Test(arguments: [
        ("My AI Application", "my-ai-application"), ("checkout-prod", "checkout-prod"), ("  A  B  ", "a-b"), ("Café №1", "caf-1"),
        (String(repeating: "x", count: 80), String(repeating: "x", count: 63)),
    ]) func `a title becomes a name`(title: String, name: String) throws {
        let made = try ResourceTitle(title, field: "name")
        #expect(made.name == name && Names.isResourceName(made.name))
        #expect((made.described == nil) == (title == name))
    }

    @Test(arguments: ["", "!", "日本", String(repeating: "x", count: 201)]) func `a title without anything to name is refused`(title: String) {
        #expect(throws: Problem.self) { try ResourceTitle(title, field: "name") }
    }
}
