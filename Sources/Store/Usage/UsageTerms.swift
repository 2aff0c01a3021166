/// What the ledger's rows of one key at one model, under one revision, have in common.
///
/// A shipment of thousands of rows has a handful of these: whatever follows from them is done once for each, not for
/// each row, such as their text for COPY.
package final class UsageTerms: Sendable {
    package let org: String
    package let orgUID: String
    package let project: String?
    package let projectUID: String?
    package let member: String?
    package let memberUID: String?
    package let key: String
    package let keyUID: String
    package let endpoint: String
    package let requestedModel: String
    /// `provider/model`; empty when nothing was called.
    package let model: String
    package let route: String?
    package let revision: Int64
    package let priceVersion: String
    /// The key's tags: an object of compact JSON, its members in the order of their names.
    package let tags: String
    /// The columns from `org_uid` to `key`, and the tags, as COPY takes them.
    let subjectColumns: CopyRows
    /// The columns from `endpoint` to `route`.
    let targetColumns: CopyRows
    /// `revision` and `price_version`.
    let priceColumns: CopyRows

    /// Under which name a limit per model counts: the route where there is one, for its target was chosen later.
    var countedName: String { route.flatMap { $0.isEmpty ? nil : $0 } ?? model }
    /// The same of a row of the ledger or its rollup.
    static let countedName = "coalesce(nullif(u.route, ''), u.model)"

    /// Of a key that has none.
    package static let noTags = "{}"

    package init(
        org: String, orgUID: String, project: String? = nil, projectUID: String? = nil, member: String? = nil,
        memberUID: String? = nil, key: String, keyUID: String, endpoint: String, requestedModel: String, model: String,
        route: String? = nil, revision: Int64, priceVersion: String, tags: String = UsageTerms.noTags
    ) {
        self.org = org
        self.orgUID = orgUID
        self.project = project
        self.projectUID = projectUID
        self.member = member
        self.memberUID = memberUID
        self.key = key
        self.keyUID = keyUID
        self.endpoint = endpoint
        self.requestedModel = requestedModel
        self.model = model
        self.route = route
        self.revision = revision
        self.priceVersion = priceVersion
        self.tags = tags
        subjectColumns = CopyRows(columns: [orgUID, projectUID, memberUID, keyUID, org, project, member, key, tags])
        targetColumns = CopyRows(columns: [endpoint, requestedModel, model, route])
        priceColumns = CopyRows(columns: [String(revision), priceVersion])
    }
}

extension UsageTerms: Hashable {
    package static func == (a: UsageTerms, b: UsageTerms) -> Bool {
        // The columns spell out everything there is.
        a === b
            || a.subjectColumns.bytes == b.subjectColumns.bytes && a.targetColumns.bytes == b.targetColumns.bytes
                && a.priceColumns.bytes == b.priceColumns.bytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(keyUID)
        hasher.combine(model)
    }
}
