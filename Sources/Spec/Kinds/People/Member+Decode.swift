extension Member: FieldSet {
    init?(from fields: inout Fields) {
        sort = fields.value(
            "type", .choice, default: .person, shown: "person", "who it is; a group's roles are those of its members too",
            .enforced(by: "Compiler.addMembers"))
        email = fields.optional("email", .email, "the address; a person has one", .informs)
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        handle = fields.optional("handle", .handle, "the name at the Git host, for `charter codeowners`", .informs)
        externalID = fields.optional(
            "externalId", .text("an identifier", example: "00u1a2b3c4", pattern: plainPattern, isPlainText),
            "the subject in the tokens of the organization's identity provider", .enforced(by: "Identity.caller"))
        roles = fields.value(
            "roles", .set(of: .name(of: .role)), default: [],
            "Roles of the organization, of the platform, or built in", .enforced(by: "Snapshot.objectionOfRole"))
        projects = fields.value(
            "projects", .projectRoles, default: [], "Roles held in one Project only, by its name: rights at the admin API there",
            .enforced(by: "RightsBook.rights"))
        members = fields.value(
            "members", .set(of: .name(of: .member)), default: [], "of a group: the Members in it",
            .enforced(by: "Compiler.addMembers"))
        externalGroup = fields.optional(
            "externalGroup", .text("the name of a group", example: "acme-leads", pattern: plainPattern, isPlainText),
            "of a group: the group of the identity provider whose people are in it too, at the admin API",
            .enforced(by: "RightsBook.rights"))
        limits = fields.value(
            "limits", .set(of: .amount), default: [], "how fast all keys of this owner together may be used",
            .enforced(by: "CellTable.reserve"))
        fields.state("email", .needed, where: "type", is: [Sort.person.rawValue], orMissing: true)
        for name in ["members", "externalGroup"] {
            fields.state(name, .only, where: "type", is: [Sort.group.rawValue])
        }
        guard checkSort(fields) else { return nil }
    }

    /// Reports what does not go with the type; false when something is missing.
    private func checkSort(_ fields: Fields) -> Bool {
        if fields.isMistaken("type") { return true }
        if sort == .group {
            if fields.isLeftEmpty("members") && externalGroup == nil {
                fields.report(
                    .groupEmpty, at: fields.extent(of: "members"), "nobody is in the group",
                    hint: "name its Members in `members`, or give `externalGroup`")
            }
        } else {
            for name in ["members", "externalGroup"] where fields.isGiven(name) {
                fields.report(
                    .alternativesMixed, at: fields.extent(of: name), "`\(name)` belongs to a member of type group",
                    hint: "add `type: group`, or remove it")
            }
        }
        guard sort == .person, !fields.isGiven("email"), !fields.isMeant("email") else { return true }
        fields.reportMissing("email", "the address of the person, such as `sam@acme.example`")
        return false
    }
}

extension Fields {
    /// Says that a field is missing which other fields ask for.
    func reportMissing(_ name: String, _ about: String) {
        report(.fieldMissing, at: reading.keyExtent, "`\(name)` is missing", hint: "`\(name)` is \(about)")
    }
}

/// As far as one can tell `isPlainText`, which knows Unicode.
private let plainPattern = #"[^\u0000-\u001f\u007f]+"#

/// Something, and nothing that hides.
private func isPlainText(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.isPrintable || $0 == " " }
}

extension Shape where Value == [Member.ProjectRoles] {
    /// `{ checkout: [admin] }`.
    fileprivate static var projectRoles: Shape<[Member.ProjectRoles]> {
        Shape<[Named<[String]>]>.map(key: "the name of a Project", pattern: Names.resourcePattern, Names.isResourceName, hint: Names.hint) { project in
            Shape<[String]>.set(of: .name(of: .role)).noting { _, _, reading in
                reading.refer(to: .resource(.project), project, at: reading.keyExtent)
            }
        }.map { $0.map { Member.ProjectRoles(project: $0.name, roles: $0.value) } }
    }
}
