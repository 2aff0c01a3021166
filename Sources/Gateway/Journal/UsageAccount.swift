internal import Store

/// Whom usage is booked to, by name and by lineage.
package struct UsageAccount: Hashable, Sendable {
    package var org: String
    package var orgUID: String
    package var project: String?
    package var projectUID: String?
    package var member: String?
    package var memberUID: String?
    package var key: String
    package var keyUID: String
    /// The key's tags, as `UsageTerms` has them.
    package var tags: String

    package init(
        org: String, orgUID: String, project: String?, projectUID: String?, member: String?, memberUID: String?,
        key: String, keyUID: String, tags: String = UsageTerms.noTags
    ) {
        self.org = org
        self.orgUID = orgUID
        self.project = project
        self.projectUID = projectUID
        self.member = member
        self.memberUID = memberUID
        self.key = key
        self.keyUID = keyUID
        self.tags = tags
    }

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        org = try decoder.string()
        orgUID = try decoder.string()
        project = try decoder.optionalString()
        projectUID = try decoder.optionalString()
        member = try decoder.optionalString()
        memberUID = try decoder.optionalString()
        key = try decoder.string()
        keyUID = try decoder.string()
        // Until version 4 tags were not recorded.
        tags = decoder.version >= 4 ? try decoder.string() : UsageTerms.noTags
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(org)
        encoder.put(orgUID)
        encoder.put(project)
        encoder.put(projectUID)
        encoder.put(member)
        encoder.put(memberUID)
        encoder.put(key)
        encoder.put(keyUID)
        encoder.put(tags)
    }
}
