/// How much one plan may take away before a person must say that it is meant.
package struct GuardThresholds: Sendable {
    /// Below this many resources a share says little, and small repositories are rearranged freely.
    package var populationMin = 10
    /// Percent of the applied resources; the commonest accident, a folder moved away or a bad merge, takes more.
    package var deletedPercentMax = 50

    package init() {}
}
