extension Explanation {
    /// Remarks that silence warnings: CH1025 to CH1030.
    static let ignoreRemarks: [Explanation] = [
        Explanation(
            .ignoreUnknownCode,
            cause: "The remark names a code that does not exist.",
            remedy: "Correct it."),
        Explanation(
            .ignoreOfError,
            cause: "The remark names an error, or CH0951.",
            remedy: "Put right what the code speaks of."),
        Explanation(
            .ignoreWithoutReason,
            cause: "The remark gives no reason.",
            remedy: "Say why, after the codes."),
        Explanation(
            .ignoreWithoutCode,
            cause: "The remark names no code.",
            remedy: "Name the warnings that it is to silence."),
    ]
}
