extension Explanation {
    /// People, ownership, workflows and agents: CH0941 to CH0949, CH1090 to CH1109, CH2041 to CH2050.
    static let flows: [Explanation] = [
        Explanation(
            .groupEmpty,
            cause: "A group has no members and names no group of the identity provider, so it stands for nobody.",
            remedy: "Name its Members, or remove it."),
        Explanation(
            .secretOutOfReach,
            cause: "A Webhook, a workflow's call or a place for statuses names a secret that is not read for it: one of Charter's own, or, in an organization's folder, anything but a file below `/run/secrets/` and the organization's name.",
            remedy: "Put the secret there and name its file; what only the platform may name is for resources outside `orgs/`."),
        Explanation(
            .adopterUnknown,
            cause: "`adoptAs` names a Member that is not declared here, or a group, so whatever is asked for in that name is refused.",
            remedy: "Name a Member, best one of `type: service` with `config.propose`; one of another unit is known once it is applied."),
        Explanation(
            .signerRepeated,
            cause: "Two `signers` have the same name.",
            remedy: "Give one of them another name."),
        Explanation(
            .signerUnknown,
            cause: "A rule of `owners` names a signer who is not among `signers`.",
            remedy: "Correct the name, or add the signer's key."),
        Explanation(
            .roleCycle,
            cause: "Roles inherit from each other in a circle.",
            remedy: "Remove one name from an `inherits`."),
        Explanation(
            .groupCycle,
            cause: "Groups hold each other in a circle.",
            remedy: "Remove one name from a `members`."),
        Explanation(
            .ownerIsGroup,
            cause: "A key's owner, or the member whom a budget bounds, is a group.",
            remedy: "Name a person, or a Member of `type: service`."),
        Explanation(
            .ruleOwnerUnknown,
            cause: "A rule of `owners` names a Member or group that does not exist, or does not say of which organization.",
            remedy: "Correct the name, or write it as `organization/name`."),
        Explanation(
            .kindNotOwned,
            cause: "A resource stands at a path whose rule in `charter.yaml` does not allow its kind.",
            remedy: "Move it, or let the owner of the rule add the kind."),
        Explanation(
            .handleMissing,
            cause: "`charter codeowners` cannot name an owner at the Git host.",
            remedy: "Give the Member a `handle` or an `email`, or the group a `handle` or members who have one."),
        Explanation(
            .pathNotExpressible,
            cause: "`charter codeowners` cannot write a pattern of paths so that it means the same at the Git host, where a name that is not a file's stands for a folder too.",
            remedy: "End it in `/**`, `/*` or `.yaml`."),
        Explanation(
            .grantAboveOwners,
            cause: """
                A resource gives rights that none of its path's owners in `charter.yaml` has, or lets whoever writes it be taken for somebody \
                who has them: a Role or Scope by what it permits, a Member by its roles and the groups around it, an APIKey with permissions \
                by its owner, `signIn` by everybody whom its tokens lead to. Rights of a system administrator must be given from outside of \
                what these owners may write, and what they were given in one project alone is theirs to give there alone.
                """,
            remedy: "Let somebody who has the rights own the path, move the resource to a path of theirs, or give fewer rights."),
        Explanation(
            .issuerShared,
            cause: "Two organizations take the same tokens: the same `issuer` and `audience` in `signIn`, so that a token does not say whose member it is of.",
            remedy: "Give each organization an `audience` of its own."),
        Explanation(
            .identityShared,
            cause: """
                Two Members of an organization are known by the same value: the same `externalId`, or a person's `email` or `handle` that \
                another has too, in upper or lower case. Either would be taken for the other in tokens, in commits made in their name, \
                and at the Git host.
                """,
            remedy: "Let one of them have it. Services may share an address, and groups a handle, that is no person's."),
        Explanation(
            .handoffCircle,
            cause: "Agents can hand a task to each other in a circle, until a limit of the run ends it.",
            remedy: "Remove one name from a `handoffs`, if that is not meant."),
        Explanation(
            .stepUnreachable,
            cause: "A step waits for both branches of a condition, so no run ever comes to it.",
            remedy: "Add `join: any` where the branches meet, or correct its `after`."),
        Explanation(
            .expressionInvalid,
            cause: "An expression, or what stands between `{{` and `}}`, breaks the grammar.",
            remedy: "Correct it at the place that is shown; the page of Workflow has the grammar."),
        Explanation(
            .nameUnknown,
            cause: "A path in an expression begins with something else than `inputs`, `steps` or `run`, or asks a step for something else than `output` or `error`.",
            remedy: "Write `inputs.<name>` or `steps.<name>.output`."),
        Explanation(
            .inputUnknown,
            cause: "An expression, a tool or the call of an agent names an input that does not exist, or leaves out one that must be given.",
            remedy: "Correct the name, or declare the input."),
        Explanation(
            .outputUnknown,
            cause: "An expression names a field that the output of a step does not have.",
            remedy: "Correct the name, or declare it in `output` of the step."),
        Explanation(
            .typeMismatch,
            cause: "A value is of another type than what it is compared with or given to.",
            remedy: "Convert it, such as with `number(…)`, or correct what is declared."),
        Explanation(
            .functionUnknown,
            cause: "A function does not exist, or is given too many or too few values.",
            remedy: "Use one of the functions on the page of Workflow."),
        Explanation(
            .stepNotBefore,
            cause: "A step uses the output of one that has not surely ended when it begins, or is not surely run at all.",
            remedy: "Add it to `after`, or say with `default(…)` what holds without it."),
        Explanation(
            .toolRepeated,
            cause: "Two tools of an agent have the same name.",
            remedy: "Give one of them another name."),
    ]
}
