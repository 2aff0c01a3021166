/// What may be declared; the raw value is the `kind:` of a document.
package enum Kind: String, CaseIterable, Sendable {
    case repository = "Repository"
    case organization = "Organization"
    case project = "Project"
    case member = "Member"
    case role = "Role"
    case scope = "Scope"
    case apiKey = "APIKey"
    case plan = "Plan"
    case budget = "Budget"
    case provider = "Provider"
    case modelCatalog = "ModelCatalog"
    case routingPolicy = "RoutingPolicy"
    case workflow = "Workflow"
    case keyPool = "KeyPool"
    case guardrail = "Guardrail"
    case agent = "Agent"
    case webhook = "Webhook"

    /// For messages: "an APIKey".
    package var withArticle: String { ("AO".contains(rawValue.prefix(1)) ? "an " : "a ") + rawValue }
}
