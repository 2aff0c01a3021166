extension Explanation {
    /// Fields and values: CH1041 to CH1060.
    static let fieldsAndValues: [Explanation] = [
        Explanation(
            .fieldMissing,
            cause: "A field that must be there is missing.",
            remedy: "Add it."),
        Explanation(
            .fieldUnknown,
            cause: "The field does not exist in this place.",
            remedy: "Correct its name, or remove it; mind the indentation."),
        Explanation(
            .wrongType,
            cause: """
                The value is of another type, such as text in place of a list, or a number where text is expected.
                """,
            remedy: "Write what is expected; put text that looks like a number in quotes. `yes` and `on` are text."),
        Explanation(
            .valueMissing,
            cause: "The field is there and its value is not.",
            remedy: "Give a value, or remove the field."),
        Explanation(
            .valueUnknown,
            cause: "The value is not one of those that can be chosen.",
            remedy: "Use one of those named in the hint."),
        Explanation(
            .valueInvalid,
            cause: """
                The value is of the right type and still not possible, such as a weight below 0 or a URL without \
                a host.
                """,
            remedy: "Write it like the example in the hint."),
        Explanation(
            .amountInvalid,
            cause: """
                An amount, date, network or digest breaks its grammar, is too large, or is finer than can be \
                counted.
                """,
            remedy: "Write it like the example in the hint; amounts are exact and never rounded."),
        Explanation(
            .alternativesMixed,
            cause: "Two fields are given that exclude each other.",
            remedy: "Keep one of them."),
        Explanation(
            .alternativeMissing,
            cause: "None of several fields is given, and one must be.",
            remedy: "Give one of those named."),
        Explanation(
            .listEmpty,
            cause: "A list is empty that must not be.",
            remedy: "Add an item."),
    ]
}
