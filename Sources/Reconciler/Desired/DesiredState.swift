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
}
