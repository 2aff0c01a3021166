extension Budget: FieldSet {
    init?(from fields: inout Fields) {
        let subject: Subject? = fields.required("for", .fields, "whose spending is bounded: exactly one of its fields", .parts)
        let terms = BudgetTerms(from: &fields)
        guard let subject, let terms else { return nil }
        self.subject = subject
        self.terms = terms
    }
}

extension Budget.Subject: FieldSet {
    init?(from fields: inout Fields) {
        let organization = fields.optional("organization", .boolean, "`true` for the whole organization", .enforced(by: "Compiler.addBudgets"))
        let project = fields.optional("project", .name(of: .project), "all keys of a project", .enforced(by: "Compiler.addBudgets"))
        let member = fields.optional("member", .name(of: .member), "all keys of an owner", .enforced(by: "Compiler.addBudgets"))
        let key = fields.optional("key", .name(of: .apiKey), "one key", .enforced(by: "Compiler.addBudgets"))
        let model = fields.optional("model", .modelPattern, "the organization's use of a model", .enforced(by: "Compiler.addBudgets"))
        guard let chosen = fields.exactlyOne(of: ["organization", "project", "member", "key", "model"]) else {
            return nil
        }
        if organization == false {
            fields.report(
                .valueInvalid, at: fields.extent(of: chosen), "`organization` can only be true",
                hint: "name another subject")
        }
        let subjects: [Self?] = [
            organization == true ? .organization : nil, project.map(Self.project), member.map(Self.member),
            key.map(Self.key),
            model.map(Self.model),
        ]
        guard let subject = subjects.compactMap({ $0 }).first else { return nil }
        self = subject
    }
}

extension BudgetTerms: FieldSet {
    init?(from fields: inout Fields) {
        let hard: Allowance? = fields.required("hard", .amount, "what is never exceeded", .enforced(by: "CellTable.reserve"))
        zone = fields.value(
            "zone", .zone, default: Zones.standard, shown: Zones.standard,
            "the IANA zone whose calendar opens and closes the window", .enforced(by: "Compiler.zone"))
        thresholds = fields.value(
            "at", .thresholds, default: [],
            "what happens when a share of `hard` is spent: `notify`, `block`, `downgrade <model>`", .notYet)
        guard let hard else { return nil }
        self.hard = hard
    }
}

extension Shape where Value == String {
    /// The IANA name of a time zone; whether it exists is asked when the whole is validated.
    static var zone: Shape<String> {
        text("the name of a time zone", example: "Europe/Berlin") { name in
            !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) || "/_+-".utf8.contains($0) }
        }.noting { name, node, reading in reading.refer(to: .zone, name, at: node.extent) }
    }
}
