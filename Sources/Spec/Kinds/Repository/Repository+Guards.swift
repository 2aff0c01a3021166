extension Repository.Guards: FieldSet {
    init?(from fields: inout Fields) {
        deletions = fields.optional("deletions", .fields, "how much one plan may delete", .parts)
        removedMembers = fields.optional(
            "removedMembers", .share, "how many of an organization's Members one plan may delete", .enforced(by: "MemberGuard.removals"))
        adminsMin = fields.value(
            "adminsMin", .count(1...100), default: 1, shown: "1",
            "how many Members with the role `admin` each organization must keep", .enforced(by: "MemberGuard.admins"))
        keysUsedWithin = fields.optional(
            "keysUsedWithin", .amount, "keys that were used within this time are not deleted; unwritten, one may be, and no more of those used within seven days", .enforced(by: "GuardEvidence.keys"))
        modelsUsedWithin = fields.optional(
            "modelsUsedWithin", .amount, "models that were used within this time are not deleted; unwritten, within seven days", .enforced(by: "GuardEvidence.models"))
        budgetsBelowSpent = fields.value(
            "budgetsBelowSpent", .choice, default: .allow, shown: "allow",
            "whether a budget may be cut below what is spent of it", .enforced(by: "BudgetCuts.find"))
        let takeover: Repository.Answer = fields.value(
            "firstManagement", .choice, default: .allow,
            "whether a repository may take over what is in the database already; unwritten, its first revision may not",
            .enforced(by: "PlanGuard.takeover"))
        // The canonical form tells `allow` and silence not apart: they differ before the first revision alone, whose rules are read from the file.
        firstManagement = fields.isGiven("firstManagement") ? takeover : nil
    }
}

extension Repository.Deletions: FieldSet {
    init?(from fields: inout Fields) {
        share = fields.optional("share", .share, "the greatest part of all resources", .enforced(by: "GuardThresholds.exceeded"))
        count = fields.optional("count", .count(0...1_000_000), "the greatest number of resources", .enforced(by: "GuardThresholds.exceeded"))
        _ = fields.atLeastOne(of: ["share", "count"])
    }
}

extension Repository.Protection: FieldSet {
    init?(from fields: inout Fields) {
        kinds = fields.value("kinds", .set(of: .choice), default: [], "of these kinds; empty means any", .enforced(by: "Protection.matches"))
        names = fields.value(
            "names",
            .set(of: .text("a name with `*`", example: "prod-*", pattern: "[a-z0-9._*-]+") { name in
                !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0) || "._-*".utf8.contains($0) }
            }), default: [], "with these names, in which `*` stands for any characters; empty means any", .enforced(by: "Protection.matches"))
        labels = fields.value("labels", .texts, default: [:], "with all of these labels", .enforced(by: "Protection.matches"))
        against = fields.value(
            "against", .set(of: .choice), default: [.delete], shown: "[delete]", "what needs the approval", .enforced(by: "Protection.objection"))
    }
}

extension Repository.Approvals: FieldSet {
    init?(from fields: inout Fields) {
        count = fields.value(
            "count", .count(1...10), default: 1, shown: "1", "how many with `plan.approve` must agree", .enforced(by: "ApprovalJudge.approvers"))
        author = fields.value(
            "author", .choice, default: .block, shown: "block", "whether the author of the commit may be one of them", .enforced(by: "ApprovalCheck.objection"))
        within = fields.value(
            "within", .amount, default: .seconds(86_400), shown: "1d", "how long an approval is good for", .enforced(by: "Approvals.add"))
        from = fields.value(
            "from", .set(of: .choice), default: [.console, .trailer], shown: "[console, trailer]",
            "where they may agree: in the console, or by a signed line of the commit's message", .enforced(by: "ApprovalCheck.objection"))
    }
}

extension Repository.Signatures: FieldSet {
    init?(from fields: inout Fields) {
        required = fields.value(
            "required", .choice, default: .off, shown: "off", "what becomes of a commit without a good signature",
            .enforced(by: "CommitJudge.judge"))
        check = fields.value(
            "check", .choice, default: .tip, shown: "tip", "whether the newest commit must be signed, or every new one",
            .enforced(by: "CommitJudge.judge"))
    }
}

extension Repository.WriteBack: FieldSet {
    init?(from fields: inout Fields) {
        to = fields.value(
            "to", .choice, default: .off, shown: "off", "the main branch, or a branch of proposals",
            .enforced(by: "ChangeRights.way"))
        branchPrefix = fields.value(
            "branchPrefix",
            .text("the beginning of a branch's name", example: "charter/", pattern: "[a-z0-9][a-z0-9._/-]*") { name in
                name.utf8.first.map(Names.isLowerOrDigit) ?? false
                    && name.utf8.allSatisfy { Names.isLowerOrDigit($0) || "._/-".utf8.contains($0) }
            }, default: "charter/", shown: "charter/", "how the branches of proposals begin",
            .enforced(by: "ChangeRights.branchPrefix"))
        paths = fields.value(
            "paths", .set(of: .amount), default: [], "the files it may change; empty means all",
            .enforced(by: "ChangeRights.check"))
    }
}

extension Repository.Notice: FieldSet {
    init?(from fields: inout Fields) {
        let events: [Webhook.Event]? = fields.required(
            "events", .set(of: .choice), "what they are told of", .enforced(by: "EventRecipient.isTold"))
        fields.markUnenforced(itemsOf: "events", as: { $0 }) { Webhook.Event(rawValue: $0)?.isSent == false }
        emails = fields.value("emails", .set(of: .email), default: [], "addresses", .notYet)
        webhooks = fields.value(
            "webhooks", .set(of: .name(of: .webhook)), default: [], "the platform's Webhooks",
            .enforced(by: "EventRecipient.isTold"))
        _ = fields.atLeastOne(of: ["emails", "webhooks"])
        guard let events else { return nil }
        self.events = events
    }
}

extension Repository.Push: FieldSet {
    init?(from fields: inout Fields) {
        let host: Host? = fields.required("from", .choice, "the host, which decides how the call is signed", .enforced(by: "PushHint.judge"))
        let path = fields.required(
            "path", .text("a path", example: "/hooks/git", pattern: "/[A-Za-z0-9._/-]*", WebAddress.isPath),
            "the path that is called", .enforced(by: "PushHint.judge"))
        let secret: SecretReference? = fields.required("secret", .fields, "with what the call is signed", .enforced(by: "PushHint.judge"))
        guard let host, let path, let secret else { return nil }
        self.host = host
        self.path = path
        self.secret = secret
    }
}
