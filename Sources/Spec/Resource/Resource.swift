/// One declared thing: typed, in canonical form, with the place of every field.
///
/// An object that never changes: repositories have a hundred thousand, and hand them on from table to table.
package final class Resource: Sendable {
    package let key: ResourceKey
    package let metadata: Metadata
    package let body: Body
    /// Canonical JSON of everything but the envelope's identity: `{"annotations":…,"labels":…,"spec":{…}}`,
    /// keys sorted, defaults omitted, amounts normalised. Equal resources have equal text.
    package let canonical: String
    /// The document's first line; nil when the resource was decoded from its canonical form.
    package let place: Place?
    package let spans: Spans
    /// Until when, and why, it does not count.
    package let suspension: Suspension?

    package init(
        key: ResourceKey, metadata: Metadata, body: Body, canonical: String, place: Place?,
        spans: Spans, suspension: Suspension? = nil
    ) {
        self.key = key
        self.metadata = metadata
        self.body = body
        self.canonical = canonical
        self.place = place
        self.spans = spans
        self.suspension = suspension
    }
}

/// What every kind carries beside its own fields.
package struct Metadata: Hashable, Sendable {
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    /// Earlier names of this resource: a rename that keeps its uid, and so its usage.
    package var previousNames: [String] = []

    package init() {}
}

/// The typed spec of each kind; indirect, since it is handed on far more often than looked into.
package indirect enum Body: Hashable, Sendable {
    case repository(Repository)
    case organization(Organization)
    case project(Project)
    case member(Member)
    case role(Role)
    case scope(Scope)
    case apiKey(APIKey)
    case plan(Plan)
    case budget(Budget)
    case provider(Provider)
    case modelCatalog(ModelCatalog)
    case routingPolicy(RoutingPolicy)
    case workflow(Workflow)
    case keyPool(KeyPool)
    case guardrail(Guardrail)
    case agent(Agent)
    case webhook(Webhook)
}
