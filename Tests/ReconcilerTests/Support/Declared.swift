/// Files of a small platform without mistakes.
enum Declared {
    static let platform: [String: String] = [
        "charter.yaml": """
        apiVersion: charter/v1
        kind: Repository
        metadata: { name: test }
        spec: { drift: report }

        """,
        "orgs/acme/org.yaml": """
        apiVersion: charter/v1
        kind: Organization
        metadata: { name: acme }
        spec: { displayName: Acme }

        """,
        "orgs/acme/members.yaml": member("ada", roles: "[admin]") + "---\n" + member("bo", roles: "[developer]"),
        "orgs/acme/budgets/team.yaml": budget("team", hard: "100 USD/month"),
        "orgs/acme/projects/search.yaml": project("search", "Search"),
    ]

    static func member(_ name: String, roles: String) -> String {
        """
        apiVersion: charter/v1
        kind: Member
        metadata: { name: \(name) }
        spec: { email: \(name)@example.com, roles: \(roles) }

        """
    }

    static func budget(_ name: String, hard: String, previously: String? = nil) -> String {
        """
        apiVersion: charter/v1
        kind: Budget
        metadata: { name: \(name)\(previously.map { ", previousNames: [\($0)]" } ?? "") }
        spec:
          for: { organization: true }
          hard: \(hard)

        """
    }

    static func project(_ name: String, _ displayName: String) -> String {
        """
        apiVersion: charter/v1
        kind: Project
        metadata: { name: \(name) }
        spec: { displayName: \(displayName) }

        """
    }
}
