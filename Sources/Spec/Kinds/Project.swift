/// A part of an organization that keys belong to and usage is counted by.
package struct Project: Hashable, Sendable {
    package var displayName: String?
    package var models: ModelRules
    package var limits: [Limit]
}
