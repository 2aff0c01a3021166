extension Kind {
    /// How the `spec` of the kind is read.
    var spec: Shape<SpecFields> {
        switch self {
        case .repository: Shape<Repository>.spec(of: self, Body.repository)
        case .organization: Shape<Organization>.spec(of: self, Body.organization)
        case .project: Shape<Project>.spec(of: self, Body.project)
        case .member: Shape<Member>.spec(of: self, Body.member)
        case .role: Shape<Role>.spec(of: self, Body.role)
        case .scope: Shape<Scope>.spec(of: self, Body.scope)
        case .apiKey: Shape<APIKey>.spec(of: self, Body.apiKey)
        case .plan: Shape<Plan>.spec(of: self, Body.plan)
        case .budget: Shape<Budget>.spec(of: self, Body.budget)
        case .provider: Shape<Provider>.spec(of: self, Body.provider)
        case .modelCatalog: Shape<ModelCatalog>.spec(of: self, Body.modelCatalog)
        case .routingPolicy: Shape<RoutingPolicy>.spec(of: self, Body.routingPolicy)
        case .workflow: Shape<Workflow>.spec(of: self, Body.workflow)
        case .keyPool: Shape<KeyPool>.spec(of: self, Body.keyPool)
        case .guardrail: Shape<Guardrail>.spec(of: self, Body.guardrail)
        case .agent: Shape<Agent>.spec(of: self, Body.agent)
        case .webhook: Shape<Webhook>.spec(of: self, Body.webhook)
        }
    }

    /// The fields of the kind's `spec`, in the order of its reference page.
    package var declaredFields: [FieldDeclaration] {
        if case .fields(let fields) = spec.describe() { fields } else { [] }
    }
}
