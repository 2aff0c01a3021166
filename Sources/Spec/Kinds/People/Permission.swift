/// A right that roles give: the one vocabulary of the platform.
package enum Permission: String, CaseIterable, Sendable {
    case inferenceInvoke = "inference.invoke"
    case usageRead = "usage.read"
    case driftRead = "drift.read"
    case configPropose = "config.propose"
    case configWrite = "config.write"
    case planApprove = "plan.approve"
    case overrideWrite = "override.write"
    case keysMint = "keys.mint"
    case auditRead = "audit.read"
    case billingRead = "billing.read"
    case modelsRead = "models.read"
    case usageExport = "usage.export"
    case configRead = "config.read"
    case statusRead = "status.read"
    case decisionsRead = "decisions.read"
    case keysRead = "keys.read"
    case keysRevoke = "keys.revoke"
    case membersRead = "members.read"
    case membersWrite = "members.write"
    case budgetsWrite = "budgets.write"
    case billingWrite = "billing.write"
    case workflowsRead = "workflows.read"
    case workflowsRun = "workflows.run"
    case agentsRun = "agents.run"
    case documentsRead = "documents.read"
    case documentsWrite = "documents.write"
    case sessionsRevoke = "sessions.revoke"
    case gatewayOperate = "gateway.operate"

    /// What it lets one do, for the reference page.
    package var about: String {
        switch self {
        case .inferenceInvoke: "call models, through the keys one owns"
        case .usageRead: "see usage and cost"
        case .driftRead: "see what differs from the repository"
        case .configPropose: "propose a change of what is declared"
        case .configWrite: "change what is declared without a proposal"
        case .planApprove: "let a blocked plan pass"
        case .overrideWrite: "set aside a rule for a time, with a reason"
        case .keysMint: "mint keys from a KeyPool"
        case .auditRead: "read the record of administrative acts"
        case .billingRead: "see plans, prices and invoices"
        case .modelsRead: "list models, their prices and routes"
        case .usageExport: "take usage out as a file"
        case .configRead: "see what is declared"
        case .statusRead: "see revisions, replicas and their health"
        case .decisionsRead: "ask why a request was answered as it was"
        case .keysRead: "list keys, without their secrets"
        case .keysRevoke: "end a key at once"
        case .membersRead: "list members and their roles"
        case .membersWrite: "invite and remove members, and change their roles"
        case .budgetsWrite: "change budgets and limits"
        case .billingWrite: "change the plan and what is billed"
        case .workflowsRead: "see workflows and their runs"
        case .workflowsRun: "start workflows"
        case .agentsRun: "run agents"
        case .documentsRead: "search indexed documents"
        case .documentsWrite: "index and remove documents"
        case .sessionsRevoke: "end somebody's sessions"
        case .gatewayOperate: "drain, close and open gateways"
        }
    }

    /// Whether this version asks for it anywhere.
    var isEnforced: Bool { Self.enforced.contains(self) }

    private static let enforced: Set<Permission> = [
        .inferenceInvoke, .planApprove, .configRead, .membersRead, .modelsRead, .keysRead, .keysMint, .keysRevoke, .usageRead, .budgetsWrite,
        .statusRead, .driftRead, .auditRead, .configWrite, .configPropose,
        .overrideWrite, .decisionsRead,
    ]
}
