extension Explanation {
    /// The text of a file: CH1001 to CH1020.
    static let textOfFile: [Explanation] = [
        Explanation(
            .fileTooLarge,
            cause: "A file is larger than 1 MiB.",
            remedy: "Split it; any number of files may declare resources."),
        Explanation(
            .invalidUTF8,
            cause: "The file is not UTF-8.",
            remedy: "Save it as UTF-8; UTF-16 and Latin-1 are not read."),
        Explanation(
            .forbiddenCharacter,
            cause: """
                The file has a control character, a character that hides or turns the direction of text, or a \
                line separator that editors do not count as a line.
                """,
            remedy: "Remove it, or write it as an escape in double quotes."),
        Explanation(
            .yamlSyntax,
            cause: "The file is not YAML.",
            remedy: """
                Look at the place and at the one where the enclosing value began; it is often a tab, a missing \
                quote or bracket, or `: ` in text without quotes.
                """),
        Explanation(
            .duplicateKey,
            cause: "A mapping has the same key twice.",
            remedy: "Keep one of them."),
        Explanation(
            .aliasRefused,
            cause: """
                An alias (`*name`) has no anchor (`&name`) before it in its document, stands inside of what it \
                repeats, or in the place of a key.
                """,
            remedy: "Put the anchor before it, or repeat the value."),
        Explanation(
            .tagRefused,
            cause: "A tag is none of YAML's own `!!str !!int !!float !!bool !!null !!map !!seq`.",
            remedy: "Leave the tag out; put text in quotes."),
        Explanation(
            .mergeKeyRefused,
            cause: "Merge keys (`<<`) are not supported.",
            remedy: "Repeat the values."),
        Explanation(
            .keyNotText,
            cause: "The key of a mapping is a list or a mapping.",
            remedy: "Use text."),
        Explanation(
            .tooDeep,
            cause: "Lists and mappings are nested more than 64 deep.",
            remedy: "Flatten the value; no kind needs ten."),
        Explanation(
            .tooManyValues,
            cause: "A file has more than 200,000 keys and values.",
            remedy: "Split it."),
        Explanation(
            .jsonSyntax,
            cause: "The text of a resource in the database is not JSON.",
            remedy: "It was changed by hand; `charter drift` names it and the next apply puts it right."),
        Explanation(
            .pathRefused,
            cause: "A path of the commit is a symbolic link, a submodule, or has a name that cannot be read.",
            remedy: "Replace it by an ordinary file."),
        Explanation(
            .aliasesTooLarge,
            cause: "The aliases of a file add more than 1,000 keys and values.",
            remedy: "Put what many resources share into `_defaults.yaml`, or repeat the values."),
        Explanation(
            .tagContradicted,
            cause: "A tag such as `!!int` says another type than its value has.",
            remedy: "Leave the tag out, or correct the value."),
        Explanation(
            .yamlVersionRefused,
            cause: "The file says `%YAML 1.1`, and is read as YAML 1.2, where `yes` and `on` are text and `010` is ten.",
            remedy: "Remove the line."),
        Explanation(
            .characterConfusable,
            cause: """
                A name, a field or a word of the grammar has a character that is not ASCII, such as a Cyrillic letter that \
                looks like a Latin one; or the name of a label mixes such letters.
                """,
            remedy: "Type it anew; the caret stands under the character."),
        Explanation(
            .errorsNotListed,
            cause: "A file has more than \(ReadingLimits.findingsListedMax) errors; the first are listed, and this counts the others.",
            remedy: "Look at the first ones: so many often have one cause, such as a wrong `kind` or indentation."),
    ]
}
