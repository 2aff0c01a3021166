extension Kind {
    /// How the `spec` of the kind is read.
    var spec: Shape<Body> {
        switch self {
        case .repository: Shape<Repository>.fields.map(Body.repository)
        case .organization: Shape<Organization>.fields.map(Body.organization)
        case .project: Shape<Project>.fields.map(Body.project)
        case .member: Shape<Member>.fields.map(Body.member)
        case .role: Shape<Role>.fields.map(Body.role)
        case .scope: Shape<Scope>.fields.map(Body.scope)
        case .apiKey: Shape<APIKey>.fields.map(Body.apiKey)
        case .plan: Shape<Plan>.fields.map(Body.plan)
        case .budget: Shape<Budget>.fields.map(Body.budget)
        case .provider: Shape<Provider>.fields.map(Body.provider)
        case .modelCatalog: Shape<ModelCatalog>.fields.map(Body.modelCatalog)
        case .routingPolicy: Shape<RoutingPolicy>.fields.map(Body.routingPolicy)
        case .workflow: Shape<Workflow>.fields.map(Body.workflow)
        }
    }

    /// The fields of the kind's `spec`, in the order of its reference page.
    package var declaredFields: [FieldDeclaration] {
        if case .fields(let fields) = spec.describe() { fields } else { [] }
    }
}
