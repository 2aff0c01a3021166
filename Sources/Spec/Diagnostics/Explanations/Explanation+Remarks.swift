extension Explanation {
    /// Remarks on what is accepted: CH0900 to CH0999.
    static let remarks: [Explanation] = [
        Explanation(
            .notEnforced,
            cause: "A field, or a value of it, is part of the language but has no effect in this version.",
            remedy: "Keep it for later, and do not rely on it; see *Status* on the page of its kind."),
        Explanation(
            .keyWithoutScopes,
            cause: "A key has no scopes, so it may call nothing.",
            remedy: "Name the Scopes it needs in `scopes`."),
        Explanation(
            .keyWithoutSecrets,
            cause: "A key has no secrets, so nothing opens it. This is how a key is revoked and its history kept.",
            remedy: "None if that is meant; else add the line that `charter keys new` prints."),
        Explanation(
            .keyExpired,
            cause: "The key, or every secret of it, has expired.",
            remedy: "Remove the key, or give it a secret that is still good."),
        Explanation(
            .patternMatchesNothing,
            cause: "A pattern or label matches no model and no route.",
            remedy: "Correct it, or remove it."),
        Explanation(
            .thresholdNeverReached,
            cause: "A threshold lies above one that blocks, so it is never reached.",
            remedy: "Remove it, or move it below the one that blocks."),
        Explanation(
            .repeatedItem,
            cause: "A list whose order means nothing has an item twice.",
            remedy: "Remove one of them."),
        Explanation(
            .keyWithoutPermission,
            cause: "No role of a key's owner holds `inference.invoke`, or the owner is none of the project's `members`, so every request with the key is refused.",
            remedy: "Give the owner such a role or a place in the project, or the key another owner."),
        Explanation(
            .keyWithoutModels,
            cause: "The rules of a key, its project, its organization with its plan, and its scopes together leave it no model.",
            remedy: "Loosen one of them, or remove the key."),
        Explanation(
            .routeClosed,
            cause: "A key names a route, and none of the route's targets is open to it.",
            remedy: "Allow it a target, or take the route out."),
        Explanation(
            .modelUnpriced,
            cause: "A model has no price and a budget in USD applies to it, so its requests are refused.",
            remedy: "Give the model prices, `0 USD/M` where it is free, or deny it under that budget."),
        Explanation(
            .ignoreUnused,
            cause: "A remark `# charter:ignore` silences nothing: there is no such warning at its line.",
            remedy: "Remove the code from it, or put it at the line that the warning names."),
        Explanation(
            .keyExpiresSoon,
            cause: "The key, or the last secret of it, expires within 14 days.",
            remedy: "Add a secret that begins before the old one ends, or move `expires`; remove the key if it is to end."),
        Explanation(
            .namesAlike,
            cause: """
                Two names of one kind are easily taken for one another: they differ only by case, by `l` and `1`, `o` and `0`, \
                `rn` and `m`, `vv` and `w`, or by `-`, `_` and `.`.
                """,
            remedy: "Rename one of them, with its old name in `previousNames`."),
        Explanation(
            .definitionUnused,
            cause: """
                Nobody uses a Scope, Role, Plan, Project, Provider or Guardrail, or every organization has a route of its own in \
                place of the platform's.
                """,
            remedy: "Use it, or remove it."),
        Explanation(
            .budgetAboveParent,
            cause: """
                A budget allows more than one around it: a key's more than that of its project, owner or organization, in the \
                same unit, zone and window or a longer one. So it is never reached.
                """,
            remedy: "Lower it, or raise the one around it."),
        Explanation(
            .adminMissing,
            cause: "An organization has Members, and none of them holds `config.write`, or none `plan.approve`.",
            remedy: "Give a Member the role `admin`, or one with the permission; or say who else looks after it."),
        Explanation(
            .ownerSuspended,
            cause: "The owner or the project of a key is suspended, so the key is refused.",
            remedy: "Give the key another one, or suspend it too."),
        Explanation(
            .defaultsUnused,
            cause: "Defaults of a folder give nothing, the file is empty, or no resource of their kind stands below it.",
            remedy: "Remove them, or move them to a folder above such resources."),
        Explanation(
            .suffixNotRead,
            cause: "The name of a file ends in `.YAML` or `.Yml`, so it is not read and declares nothing.",
            remedy: "Rename it to end in `.yaml` or `.yml`, in lower case."),
        Explanation(
            .warningsNotListed,
            cause: "A file has more than \(ReadingLimits.findingsListedMax) warnings; the first are listed, and this counts the others.",
            remedy: "See to the first ones, or split the file."),
        Explanation(
            .suspensionOver,
            cause: "A suspension has ended, so what it stands in counts again.",
            remedy: "Remove `suspend`, or move `until`."),
        Explanation(
            .limitZero,
            cause: "A limit or a budget of 0 lets nothing through.",
            remedy: "Raise it; to close something for a time, `suspend` it and say why."),
        Explanation(
            .originTooWide,
            cause: "The `*` of an origin stands for whole domains, as in `https://*.com`, which anybody can own.",
            remedy: "Name the domain: `https://*.acme.example`."),
    ]
}
