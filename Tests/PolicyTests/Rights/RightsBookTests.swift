import Testing

@testable import Policy
@testable import Spec

struct RightsBookTests {
    private static let now = Instant(milliseconds: 1_800_000_000_000)

    private static func member(_ org: String, _ name: String, _ roles: String) throws -> Resource {
        try Resource.decode(
            key: ResourceKey(org: org, kind: .member, name: name),
            canonical: #"{"spec":{"email":"\#(name)@\#(org).example","roles":\#(roles)}}"#)
    }

    @Test func `tells each organization's own people and admins`() throws {
        let book = RightsBook(
            [try Self.member("b", "zoe", #"["admin"]"#), try Self.member("b", "al", "[]"), try Self.member("a", "ada", #"["admin"]"#)],
            now: Self.now)
        #expect(book.organizations == ["a", "b"])
        #expect(book.people(of: "b").map(\.name) == ["al", "zoe"])
        #expect(book.holders(of: "admin", in: "b") == ["zoe"] && book.holders(of: "admin", in: "a") == ["ada"])
        #expect(book.people(of: "c").isEmpty)
    }

    @Test func `an organization's own role of the name makes nobody an administrator of the platform`() throws {
        let key = ResourceKey(org: "a", kind: .member, name: "eve")
        let role = { (org: String?) in
            try Resource.decode(
                key: ResourceKey(org: org, kind: .role, name: "system-admin"), canonical: #"{"spec":{"permissions":["config.write"]}}"#)
        }
        let eve = try Self.member("a", "eve", #"["system-admin"]"#)
        #expect(try !RightsBook([eve, role("a")], now: Self.now).isSystemAdmin(key))
        #expect(try !ApproverBook([eve, role("a")], beside: [[Resource]](), now: Self.now).isSystemAdmin(key))
        #expect(try ApproverBook([eve, role(nil)], beside: [[Resource]](), now: Self.now).isSystemAdmin(key))
        #expect(ApproverBook([eve], beside: [[Resource]](), now: Self.now).isSystemAdmin(key))
    }

    @Test func `asking every organization costs what its members are, not all that there are`() throws {
        let one = try Self.member("org", "m", #"["admin"]"#)
        let all = (0..<20_000).map { number in
            Resource(
                key: ResourceKey(org: "o\(number / 4)", kind: .member, name: "m\(number)"), metadata: one.metadata, body: one.body,
                canonical: one.canonical, place: nil, spans: one.spans, suspension: nil)
        }
        let book = RightsBook(all, now: Self.now)
        let took = ContinuousClock().measure {
            #expect(book.organizations.allSatisfy { book.people(of: $0).count == 4 })
        }
        #expect(took < .seconds(2))
    }
}
