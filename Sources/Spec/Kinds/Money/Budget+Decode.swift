extension Budget: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        let subject: Subject? = fields.required("for", .fields, "whose spending is bounded: exactly one of its fields", .parts)
        let terms = BudgetTerms(from: &fields)
        guard let subject, let terms else { return nil }
        self.subject = subject
        self.terms = terms
    }
}

extension Budget.Subject: FieldSet {
    init?(from fields: inout Fields) {
        let organization = fields.optional("organization", .isTrue(hint: "name another subject"), "`true` for the whole organization", .enforced(by: "Compiler.addBudgets"))
        let project = fields.optional("project", .name(of: .project), "all keys of a project", .enforced(by: "Compiler.addBudgets"))
        let member = fields.optional("member", .name(of: .member), "all keys of an owner", .enforced(by: "Compiler.addBudgets"))
        let key = fields.optional("key", .name(of: .apiKey), "one key", .enforced(by: "Compiler.addBudgets"))
        let model = fields.optional("model", .modelPattern, "the organization's use of a model", .enforced(by: "Compiler.addBudgets"))
        let tag: Tag? = fields.optional("tag", .amount, "all keys that carry a tag", .enforced(by: "Compiler.addBudgets"))
        guard fields.exactlyOne(of: ["organization", "project", "member", "key", "model", "tag"]) != nil else {
            return nil
        }
        let subjects: [Self?] = [
            organization == true ? .organization : nil, project.map(Self.project), member.map(Self.member),
            key.map(Self.key), model.map(Self.model), tag.map(Self.tag),
        ]
        guard let subject = subjects.compactMap({ $0 }).first else { return nil }
        self = subject
    }
}
