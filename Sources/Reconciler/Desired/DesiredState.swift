package import Spec

/// What one commit declares, read whole and found free of errors.
package struct DesiredState: Sendable {
    package var commit: Commit
    package var resources: [ResourceKey: Resource]
    package var repository: Repository
    /// The blob each file was read from.
    package var blobs: [String: ObjectID]
    /// Number of YAML files read.
    package var fileCount: Int
    package var warnings: [Diagnostic]
    /// What may differ from a commit that was brought to the database; nil where that is not known.
    var change: DesiredChange?

    /// With the resources alone that may differ from what was applied.
    func limited(to change: DesiredChange) -> DesiredState {
        var limited = self
        limited.resources = [:]
        for key in change.keys { limited.resources[key] = resources[key] }
        return limited
    }
}

/// What may differ between a commit that was brought to the database and the one that is desired.
struct DesiredChange: Hashable, Sendable {
    var since: ObjectID
    /// Resources that were added, edited, moved or removed, and those whose names they had before.
    var keys: Set<ResourceKey> = []
    /// Files that were, and those that have defaults from one of them.
    var paths: Set<String> = []
}
