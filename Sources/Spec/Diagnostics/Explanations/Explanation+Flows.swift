extension Explanation {
    /// People, ownership, workflows and agents: CH0941 to CH0949, CH1090 to CH1109, CH2041 to CH2049.
    static let flows: [Explanation] = [
        Explanation(
            .groupEmpty,
            cause: "A group has no members and names no group of the identity provider, so it stands for nobody.",
            remedy: "Name its Members, or remove it."),
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
    ]
}
