import Spec
import Testing

@Suite struct ResourceKeyTests {
    @Test func `a member is read as people write it`() {
        let key = ResourceKey(org: "acme", kind: .member, name: "sam")
        #expect(ResourceKey(member: "acme/sam") == key && key.member == "acme/sam")
        #expect(ResourceKey(org: nil, kind: .member, name: "sam").member == "-/sam")
    }

    @Test(arguments: ["", "sam", "acme/", "/sam", "acme/sam/x"]) func `what names no member of an organization is none`(text: String) {
        #expect(ResourceKey(member: text) == nil)
    }
}
