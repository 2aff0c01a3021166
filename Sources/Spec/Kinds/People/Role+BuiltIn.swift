extension Role {
    /// The built-in role without which nobody could govern an organization.
    package static let admin = "admin"
    /// The built-in role of those who run the platform itself.
    package static let systemAdmin = "system-admin"

    /// Roles that exist without being declared; a declared Role of the same name takes their place.
    package static let builtIn: [String: [Permission]] = Dictionary(
        uniqueKeysWithValues: personas.map { ($0.name, $0.permissions) })

    /// The built-in roles in the order of the reference page.
    package static let personas: [Persona] = [
        Persona("admin", "everything", Permission.allCases),
        Persona(
            "developer", "builds on the API",
            [
                .inferenceInvoke, .usageRead, .configPropose, .modelsRead, .workflowsRead, .workflowsRun, .agentsRun,
                .documentsRead,
            ]),
        Persona("viewer", "looks, and changes nothing", [.usageRead, .driftRead, .modelsRead, .statusRead]),
        Persona("billing", "sees what is spent and billed", [.usageRead, .billingRead]),
        Persona(
            "architect", "designs what is declared",
            [
                .configRead, .configPropose, .modelsRead, .workflowsRead, .statusRead, .driftRead, .usageRead,
                .decisionsRead,
            ]),
        Persona(
            "security", "watches over access, and closes it",
            [
                .configRead, .configPropose, .planApprove, .driftRead, .auditRead, .decisionsRead, .membersRead,
                .keysRead, .keysRevoke, .sessionsRevoke,
            ]),
        Persona(
            "system-admin", "runs the platform itself",
            [
                .configRead, .configPropose, .configWrite, .planApprove, .overrideWrite, .driftRead, .statusRead,
                .gatewayOperate, .auditRead, .decisionsRead, .usageRead, .modelsRead, .membersRead, .keysRead,
                .keysRevoke, .sessionsRevoke,
            ]),
        Persona(
            "operations", "keeps it running from day to day",
            [
                .configRead, .configPropose, .overrideWrite, .driftRead, .statusRead, .gatewayOperate, .decisionsRead,
                .usageRead, .modelsRead,
            ]),
        Persona(
            "org-admin", "manages an organization",
            [
                .configRead, .configPropose, .configWrite, .planApprove, .driftRead, .usageRead, .usageExport,
                .billingRead, .billingWrite, .budgetsWrite, .membersRead, .membersWrite, .keysRead, .keysMint,
                .keysRevoke, .sessionsRevoke, .auditRead, .decisionsRead, .modelsRead, .workflowsRead,
            ]),
        Persona(
            "finance", "budgets and bills",
            [.usageRead, .usageExport, .billingRead, .billingWrite, .budgetsWrite, .configPropose]),
        Persona(
            "manager", "oversees a team",
            [.usageRead, .billingRead, .membersRead, .keysRead, .configPropose, .modelsRead, .workflowsRead]),
        Persona(
            "analyst", "studies usage", [.usageRead, .usageExport, .billingRead, .modelsRead, .decisionsRead]),
    ]

    /// A built-in role and whom it is for.
    package struct Persona: Sendable {
        package var name: String
        package var about: String
        package var permissions: [Permission]

        init(_ name: String, _ about: String, _ permissions: [Permission]) {
            self.name = name
            self.about = about
            self.permissions = permissions
        }
    }
}
