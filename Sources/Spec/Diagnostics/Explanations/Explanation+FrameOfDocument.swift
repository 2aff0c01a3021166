extension Explanation {
    /// The frame of a document and defaults of folders: CH1021 to CH1040.
    static let frameOfDocument: [Explanation] = [
        Explanation(
            .documentNotMapping,
            cause: "A document is not a mapping, or has none of the fields of a declaration.",
            remedy: "Begin it with `apiVersion`, `kind`, `metadata` and `spec`; keep files of other programs elsewhere."),
        Explanation(
            .apiVersionUnknown,
            cause: "The version of the language is not known to this program.",
            remedy: "Write `apiVersion: charter/v1`, or use a newer program."),
        Explanation(
            .kindUnknown,
            cause: "The kind does not exist, or is one of another program.",
            remedy: "Use one of the kinds in [docs/kinds](kinds/); keep files of other programs elsewhere."),
        Explanation(
            .nameInvalid,
            cause: """
                A name breaks the rules: a lower-case letter or digit, then those, `.`, `_`, `-`, at most 63; \
                names of models also have upper-case letters, `/` and `:`.
                """,
            remedy: "Choose another name."),
        Explanation(
            .defaultsRepeated,
            cause: "A folder has both `_defaults.yaml` and `_defaults.yml`.",
            remedy: "Keep one of them."),
        Explanation(
            .defaultsMisplaced,
            cause: """
                A document in `_defaults.yaml` is a Repository, or the second one of its kind in the file, or of a kind that may \
                never stand below the folder.
                """,
            remedy: "Move it to `charter.yaml`, join the two, or move it to a folder above such resources."),
        Explanation(
            .defaultsNamed,
            cause: "A document in `_defaults.yaml` gives `name` or `previousNames`.",
            remedy: "Remove it: defaults hold for every resource of the kind below the folder."),
        Explanation(
            .defaultsMisspelt,
            cause: """
                A file is called almost like `_defaults.yaml`, such as `_Defaults.yaml`, `_default.yaml` or `_defaults.prod.yaml`, \
                or is called `defaults.yaml` and has documents without a name. Nothing in it is read.
                """,
            remedy: "Call it `_defaults.yaml` if it gives defaults, and otherwise something else."),
    ]
}
