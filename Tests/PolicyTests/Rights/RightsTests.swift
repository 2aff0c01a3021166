import Testing

@testable import Policy
@testable import Spec

/// What a member may do, where, by which way.
struct RightsTests {
    private static let now = Instant(milliseconds: 1_800_000_000_000)

    private static func resource(_ org: String?, _ kind: Kind, _ name: String, _ spec: String) throws -> Resource {
        try Resource.decode(
            key: ResourceKey(org: org, kind: kind, name: name), canonical: "{\"spec\":\(spec)}")
    }

    private static func person(_ name: String, _ fields: String) throws -> Resource {
        try resource("acme", .member, name, #"{"email":"\#(name)@acme.example",\#(fields)}"#)
    }

    private static func rights(of name: String, _ resources: [Resource], provided: Set<String> = []) -> Rights {
        RightsBook(resources, now: now).rights(of: ResourceKey(org: "acme", kind: .member, name: name), provided: provided)
    }

    @Test func `an organization's permissions hold there and nowhere else`() throws {
        let rights = Self.rights(of: "ada", [try Self.person("ada", #""roles":["admin"]"#)])
        #expect(rights.permits(.configWrite, in: "acme"))
        #expect(!rights.permits(.configWrite, in: "globex"))
        #expect(!rights.permits(.configWrite, in: nil))
    }

    @Test func `a role held in a project permits nothing beside it`() throws {
        let rights = Self.rights(of: "ada", [try Self.person("ada", #""projects":{"checkout":["admin"]}"#)])
        #expect(rights.permits(.keysMint, in: "acme", project: "checkout"))
        #expect(!rights.permits(.keysMint, in: "acme", project: "search"))
        #expect(!rights.permits(.keysMint, in: "acme"))
        #expect(!rights.permits(.keysMint, in: "globex", project: "checkout"))
    }

    @Test func `a group's roles and projects are those of its members`() throws {
        let group = try Self.resource(
            "acme", .member, "leads", #"{"members":["ada"],"projects":{"checkout":["finance"]},"roles":["security"],"type":"group"}"#)
        let rights = Self.rights(of: "ada", [group, try Self.person("ada", #""roles":[]"#)])
        #expect(rights.permits(.auditRead, in: "acme"))
        #expect(rights.permits(.budgetsWrite, in: "acme", project: "checkout"))
        #expect(!rights.permits(.budgetsWrite, in: "acme"))
    }

    @Test func `what an identity provider says of groups counts as if it were declared`() throws {
        let group = try Self.resource("acme", .member, "leads", #"{"externalGroup":"Leads","roles":["security"],"type":"group"}"#)
        let people = [group, try Self.person("ada", #""roles":[]"#)]
        #expect(Self.rights(of: "ada", people, provided: ["Leads"]).permits(.auditRead, in: "acme"))
        #expect(!Self.rights(of: "ada", people, provided: ["leads"]).permits(.auditRead, in: "acme"))
        #expect(Self.rights(of: "ada", people).isEmpty)
    }

    @Test func `another organization's group of the same external name gives nothing`() throws {
        let group = try Self.resource("globex", .member, "leads", #"{"externalGroup":"Leads","roles":["security"],"type":"group"}"#)
        #expect(Self.rights(of: "ada", [group, try Self.person("ada", #""roles":[]"#)], provided: ["Leads"]).isEmpty)
    }

    @Test func `a system administrator may on the platform what that role permits, and no more`() throws {
        let rights = Self.rights(of: "ada", [try Self.person("ada", #""roles":["admin","system-admin"]"#)])
        #expect(rights.permits(.gatewayOperate, in: nil))
        #expect(rights.permits(.configWrite, in: "globex"))
        #expect(!rights.permits(.billingWrite, in: nil))
        #expect(!rights.permits(.billingWrite, in: "globex"))
        #expect(rights.permits(.billingWrite, in: "acme"))
    }

    @Test func `an organization's own role called like the platform's says nothing of the platform`() throws {
        let role = try Self.resource("acme", .role, "system-admin", #"{"permissions":["config.write"]}"#)
        let rights = Self.rights(of: "ada", [role, try Self.person("ada", #""roles":["system-admin"]"#)])
        #expect(rights.permits(.configWrite, in: "acme"))
        #expect(rights.onPlatform.isEmpty)
    }

    @Test func `who is suspended may do nothing`() throws {
        let rights = Self.rights(
            of: "ada", [try Self.person("ada", #""projects":{"checkout":["admin"]},"roles":["admin"],"suspend":{"reason":"left"}"#)])
        #expect(rights.isEmpty)
        #expect(Self.rights(of: "nobody", []).isEmpty)
    }

    @Test func `narrowed rights hold what both sides have`() throws {
        let rights = Self.rights(of: "ada", [try Self.person("ada", #""projects":{"checkout":["admin"]},"roles":["viewer"]"#)])
        let narrowed = rights.narrowed(to: [.usageRead, .keysMint])
        #expect(narrowed.inOrganization == [.usageRead])
        #expect(narrowed.inProjects == ["checkout": [.usageRead, .keysMint]])
        #expect(!narrowed.permits(.auditRead, in: "acme"))
    }

    @Test func `whoever runs the host may do everything everywhere`() {
        for permission in Permission.allCases {
            #expect(Rights.ofHost.permits(permission, in: nil) && Rights.ofHost.permits(permission, in: "acme"))
        }
    }

    @Test func `what is had in one project alone is not had in the whole organization`() {
        let whole = Rights(org: "acme", inOrganization: [.keysRead])
        let inProject = Rights(org: "acme", inProjects: ["p": [.keysRead]])
        #expect(whole.exceeding(inProject) == [.keysRead] && inProject.exceeding(whole) == [])
        #expect(inProject.exceeding(inProject) == [] && inProject.exceeding(Rights(org: "globex", inProjects: ["p": [.keysRead]])) == [.keysRead])
        #expect(inProject.exceeding(Rights(org: "acme", inProjects: ["q": [.keysRead]])) == [.keysRead])
    }
}
