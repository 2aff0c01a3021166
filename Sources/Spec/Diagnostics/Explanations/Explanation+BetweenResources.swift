extension Explanation {
    /// Between resources: CH2000 to CH2999.
    static let betweenResources: [Explanation] = [
        Explanation(
            .resourceRepeated,
            cause: "Two resources of one kind have the same name in one organization.",
            remedy: "Rename or remove one of them."),
        Explanation(
            .referenceDangling,
            cause: """
                A name is used that nothing declares in this organization or, where that is allowed, on the \
                platform.
                """,
            remedy: "Correct the name, or declare it."),
        Explanation(
            .kindMisplaced,
            cause: "A resource stands in a folder where its kind is not allowed.",
            remedy: """
                Move the file: members, projects, keys, budgets and workflows stand under `orgs/<organization>/`; \
                providers, catalogs and plans outside; the Repository in `charter.yaml`.
                """),
        Explanation(
            .organizationMissing,
            cause: "A folder under `orgs/` has no Organization.",
            remedy: "Add one with the folder's name."),
        Explanation(
            .organizationMisnamed,
            cause: "An Organization has another name than its folder.",
            remedy: "Rename one of them."),
        Explanation(
            .secretShared,
            cause: "The same digest opens two keys, or is given twice.",
            remedy: "Make a secret for each key with `charter keys new`."),
        Explanation(
            .folderNameInvalid,
            cause: "The name of a folder under `orgs/` cannot be the name of an organization.",
            remedy: "Rename the folder."),
        Explanation(
            .previousNameTaken,
            cause: "`previousNames` has a name that another resource has now, or claims as its own previous one.",
            remedy: "Take it out; a name is in use, or given up to one heir."),
        Explanation(
            .modelRepeated,
            cause: "Two catalogs have the same model of one provider.",
            remedy: "Keep one of them."),
        Explanation(
            .refusalUnknown,
            cause: "A key's test expects `deny` with a code that no refusal of the gateway has.",
            remedy: "Use one of the codes under *Gateway refusals*."),
        Explanation(
            .fallbackCycle,
            cause: "Routes fall back to each other in a circle, so that a request would never end.",
            remedy: "Take one of the names out of `fallback` or `fallbackOn`, or name a model in its place."),
        Explanation(
            .downgradeCycle,
            cause: "Budgets of models downgrade to each other in a circle, so that a request would never find a model.",
            remedy: "Let one of them `block`, or downgrade to a model that no such budget bounds."),
    ]
}
