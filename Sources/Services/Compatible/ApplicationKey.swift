internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// The key of an app's own, which carries no permission: the declared APIKey of its Project's name; a value.
///
/// It is looked up by the lineage that the credential names, so that no key for inference is kept for the sake of a few calls.
struct ApplicationKey {
    let project: ResourceKey
    let uid: String
    let key: AdminKey

    /// Nil where the lineage is no app's, the secret is not its key's, or anything of it does not stand as it was applied.
    init?(_ transaction: Transaction, _ credential: ApplicationCredential, _ units: UnitReach) throws {
        guard LineageText.isUID(credential.uid), let name = try Self.project(transaction, credential.uid) else { return nil }
        let names = [
            name, ResourceKey(org: name.org, kind: .apiKey, name: name.name),
            ResourceKey(org: name.org, kind: .organization, name: name.org ?? ""),
        ]
        let applied = try AppliedResource.among(transaction, names.compactMap { try Resources.one(transaction, $0) })
        guard let above = applied.first(where: { $0.key == names[0] })?.believed, let row = applied.first(where: { $0.key == names[1] }),
            let own = row.believed, case .apiKey(let spec) = own.body, spec.project == name.name, units.counts(row.unit, in: name.org),
            let organization = applied.first(where: { $0.key == names[2] })?.believed,
            let secret = spec.secrets.first(where: { SHA256Digest(bytes: $0.sha256) == SHA256.digest(credential.secret) }),
            let key = AdminKey(own, unit: row.unit, secret: secret, permissions: [], project: above, organization: organization)
        else { return nil }
        project = name
        uid = row.uid
        self.key = key
    }

    /// The project of that lineage, or of the key of that lineage.
    private static func project(_ transaction: Transaction, _ uid: String) throws -> ResourceKey? {
        if let row = try Resources.list(transaction, .everything, .project, uids: uid...uid).first { return row.key }
        return try Resources.list(transaction, .everything, .apiKey, uids: uid...uid).first.map {
            ResourceKey(org: $0.key.org, kind: .project, name: $0.key.name)
        }
    }
}
