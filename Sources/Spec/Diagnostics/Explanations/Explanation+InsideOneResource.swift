extension Explanation {
    /// Inside one resource: CH1061 to CH1999.
    static let insideOneResource: [Explanation] = [
        Explanation(
            .weightsAllZero,
            cause: "All targets of a route have the weight 0.",
            remedy: "Give one of them a weight."),
        Explanation(
            .fallbackIsTarget,
            cause: "A fallback of a route is one of its targets too.",
            remedy: "Name another model."),
        Explanation(
            .stepRepeated,
            cause: "Two steps of a workflow have the same name.",
            remedy: "Rename one of them."),
        Explanation(
            .stepUnknown,
            cause: "`after` names a step that does not exist.",
            remedy: "Correct the name."),
        Explanation(
            .stepCycle,
            cause: "Steps of a workflow wait for each other in a circle.",
            remedy: "Remove one `after`."),
        Explanation(
            .zoneUnknown,
            cause: "The time zone does not exist.",
            remedy: "Use a name of the IANA database, such as `Europe/Berlin`."),
        Explanation(
            .windowReversed,
            cause: "A secret ends before it begins.",
            remedy: "Correct `from` or `until`."),
        Explanation(
            .pricesOverlap,
            cause: "Price lists are not ordered by `effectiveFrom`, or two begin at the same time.",
            remedy: "Order them; only the first may be without a date."),
        Explanation(
            .targetRepeated,
            cause: "A route names the same model twice.",
            remedy: "Keep one, with the sum of the weights."),
        Explanation(
            .networkClosed,
            cause: "A Webhook under `orgs/` says `privateNetwork: true`, or one of the platform, or a place for statuses, leads to a link-local address or another at which clouds tell a machine its credentials.",
            remedy: "Let the platform declare a webhook into its own network; no declaration leads to the machine itself."),
    ]
}
