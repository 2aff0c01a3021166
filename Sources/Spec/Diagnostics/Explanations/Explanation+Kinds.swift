extension Explanation {
    /// What the checks within the kinds of models, keys, money and routes say.
    static let kinds = [
        Explanation(
            .wordNearlyKnown,
            cause: "A word of an open set, such as a capability or a meter, is nearly one that Charter knows.",
            remedy: "Correct it, or keep it if it is meant."),
        Explanation(
            .sizeBeyondContext,
            cause: "`maxInput` or `maxOutput` of a model is more than its `context`, which counts both together.",
            remedy: "Correct one of them."),
        Explanation(
            .priceStepsUnordered,
            cause: "The steps of a price do not rise.",
            remedy: "Order `above` by `input`, each larger than the one before."),
        Explanation(
            .priceIncomplete,
            cause: """
                A model that writes text has a price for its input or its output and none for the other, which would be free. So it \
                counts as one without prices: refused under a budget in USD, and booked as `unpriced` elsewhere.
                """,
            remedy: "Add the other price, `0 USD/M` where it is free; say `mode: embedding` of a model that writes nothing."),
        Explanation(
            .credentialUnencrypted,
            cause: "A provider's address begins with `http://` and is public, so its credential travels unencrypted.",
            remedy: "Let `baseURL` begin with `https://`."),
        Explanation(
            .privateAddressClosed,
            cause: "An address is loopback, link-local or private, or a name of a private network, and Charter connects to none of these unless told so.",
            remedy: "Add `privateNetwork: true`."),
        Explanation(
            .secretInPlace,
            cause: "What looks like a secret stands where the place of one is named. Messages never repeat it.",
            remedy: "Put it in the gateway's environment or in a file there and name that; replace the secret, for Git keeps this one."),
        Explanation(
            .headerReserved,
            cause: "A header is declared that frames messages, belongs to the connection or carries the credential.",
            remedy: "Remove it; name secrets in `credential`."),
        Explanation(
            .fieldOfOtherType,
            cause: "A field is given that has a meaning only with another value of a field beside it, such as another `type`.",
            remedy: "Remove it, or correct the other field."),
        Explanation(
            .durationsContradict,
            cause: "Of two lengths of time one leaves the other no effect, such as a whole shorter than its part.",
            remedy: "Correct the one that is meant otherwise."),
        Explanation(
            .softAboveHard,
            cause: "The soft bound of a budget is not below its hard one over the same time, so it is never reached first.",
            remedy: "Lower `soft`, or raise `hard`."),
        Explanation(
            .startOfOtherWindow,
            cause: "`starts` of a budget is the first day of a week, a month or a year, and no allowance of the budget counts by that.",
            remedy: "Remove it, or correct the window of the allowance."),
        Explanation(
            .limitNeverReached,
            cause: "A limit is never reached, since another one of the same list is tighter.",
            remedy: "Remove one of them, or correct its number."),
        Explanation(
            .includedBeyondLimit,
            cause: "A plan includes more than its limits let through.",
            remedy: "Raise the limit, or include less."),
        Explanation(
            .secretNeverOpens,
            cause: "A key expires before any of its secrets opens it.",
            remedy: "Correct `expires`, or the `from` of a secret."),
        Explanation(
            .partAboveWhole,
            cause: "What holds for one part is more than what holds for the whole, or takes all of it away.",
            remedy: "Lower the part, or raise the whole."),
        Explanation(
            .mirrorIsTarget,
            cause: "The mirror of a route is one of its targets, so the model would be asked twice.",
            remedy: "Name another model."),
        Explanation(
            .guardrailIdle,
            cause: "A guardrail looks for nothing.",
            remedy: "Give it sizes, words, patterns or detectors, or remove it."),
        Explanation(
            .patternTooWide,
            cause: "A pattern of a guardrail is found in nearly every text, such as `.+`, so that nearly every request is blocked or blanked.",
            remedy: "Write what it is to find, and give it `tests`."),
        Explanation(
            .patternRefused,
            cause: "A regular expression is mistaken, too large, or has what cannot be matched in linear time: references back, looking ahead or behind.",
            remedy: "Write it with what [Guardrail](kinds/guardrail.md) lists."),
        Explanation(
            .patternTestFailed,
            cause: "A pattern does not do with a text what its author expects.",
            remedy: "Correct the pattern, or the expectation."),
        Explanation(
            .patternRepeated,
            cause: "Two patterns of a guardrail have the same name.",
            remedy: "Rename one of them."),
    ]
}
