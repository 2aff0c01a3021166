extension Explanation {
    /// Of members, groups and roles.
    static let people = [
        Explanation(
            .groupEmpty,
            cause: "A group has no members and names no group of the identity provider, so it stands for nobody.",
            remedy: "Name its Members, or remove it."),
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
    ]
}
