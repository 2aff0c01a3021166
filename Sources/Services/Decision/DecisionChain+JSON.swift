internal import Policy
package import Spec
internal import Store

extension DecisionChain {
    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("decision", .string(decision.text)), ("at", .string(attempts[0].at.iso8601)), ("status", .int(Int64(status))),
            ("costNanoUSD", .int(cost.rawValue)), ("org", .string(terms.org)), ("project", .optional(terms.project)),
            ("member", .optional(terms.member)), ("key", .string(terms.key)), ("keyUID", .string(terms.keyUID)),
            ("mintedBy", .optional(minted?.issuer)), ("endpoint", .string(terms.endpoint)), ("requestedModel", .string(terms.requestedModel)),
            ("route", .optional(route)), ("revision", revisionJSON),
            ("attempts", .array(attempts.map(attemptJSON))), ("corrections", .array(corrections.map(correctionJSON))),
            ("declarations", .array(links.map(linkJSON))), ("bounds", .array(bounds.map(boundJSON))),
            ("overrides", .array(overrides.map(overrideJSON))), ("record", .optionalRaw(reach == .everything ? record?.json : nil)), ("gaps", .array(gaps.map(JSONTree.string))),
        ])
    }

    /// As `json` is.
    static let shape = AdminShape.object([
        "format": .integer, "decision": .string, "at": .moment, "status": .integer, "costNanoUSD": .integer, "org": .string,
        "project": .optional(.string), "member": .optional(.string), "key": .string, "keyUID": .string, "mintedBy": .optional(.string),
        "endpoint": .string, "requestedModel": .string, "route": .optional(.string), "revision": revisionShape,
        "attempts": .array(attemptShape), "corrections": .array(.object(["attempt": .integer, "prices": .string, "costNanoUSD": .integer])),
        "declarations": .array(linkShape),
        "bounds": .array(
            .object(["bound": .string, "resource": .optional(.string), "rule": .string, "asked": .integer, "remaining": .integer])),
        "overrides": .array(overrideShape), "record": .optional(.declaration), "gaps": .array(.string),
    ])

    // MARK: parts

    private var revisionJSON: JSONTree {
        .object([
            ("id", .int(terms.revision)), ("commit", .optional(revision?.commit)), ("appliedAt", .optional(revision?.appliedAt.iso8601)),
            ("author", .optional(isForOneOrganization ? nil : revision?.author)),
            ("message", .optional(isForOneOrganization ? nil : revision?.message)),
        ])
    }

    private static let revisionShape = AdminShape.object([
        "id": .integer, "commit": .optional(.string), "appliedAt": .optional(.moment), "author": .optional(.string), "message": .optional(.string),
    ])

    private func attemptJSON(_ row: UsageRow) -> JSONTree {
        .object([
            ("attempt", .int(Int64(row.attempt))), ("at", .string(row.at.iso8601)), ("model", .string(row.terms.model)),
            ("revision", .int(row.terms.revision)), ("status", .int(Int64(row.status))), ("outcome", .optional(outcome(row))),
            ("latencyMs", .int(row.latencyMs)), ("firstByteMs", row.firstByteMs.map { .int($0) } ?? .null), ("input", .int(row.input)),
            ("output", .int(row.output)), ("cacheRead", .int(row.cacheRead)), ("cacheWrite", .int(row.cacheWrite)),
            ("reasoning", .int(row.reasoning)), ("tokens", .int(row.tokens)), ("estimated", .bool(row.estimated)),
            ("flags", .array(row.flags.names.map(JSONTree.string))), ("prices", .string(row.terms.priceVersion)),
            ("costNanoUSD", .int(row.cost.rawValue)),
        ])
    }

    private static let attemptShape = AdminShape.object([
        "attempt": .integer, "at": .moment, "model": .string, "revision": .integer, "status": .integer, "outcome": .optional(.string),
        "latencyMs": .integer, "firstByteMs": .optional(.integer), "input": .integer, "output": .integer, "cacheRead": .integer,
        "cacheWrite": .integer, "reasoning": .integer, "tokens": .integer, "estimated": .boolean, "flags": .array(.string), "prices": .string,
        "costNanoUSD": .integer,
    ])

    private func correctionJSON(_ row: UsageRow) -> JSONTree {
        .object([
            ("attempt", .int(Int64(row.attempt))), ("prices", .string(row.terms.priceVersion)), ("costNanoUSD", .int(row.cost.rawValue)),
        ])
    }

    private func linkJSON(_ link: DecisionLinks.Link) -> JSONTree {
        let (declaration, provenance) = (link.declaration, link.declaration.provenance)
        return .object([
            ("part", .string(link.part)), ("resource", .string(declaration.key.description)), ("uid", .string(declaration.uid)),
            ("place", .optional(declaration.place)), ("commit", .optional(provenance?.commit)), ("author", .optional(provenance?.author)),
            ("committedAt", .optional(provenance?.committedAt.iso8601)), ("declared", told(declaration) ?? .null),
        ])
    }

    private static let linkShape = AdminShape.object([
        "part": .string, "resource": .string, "uid": .string, "place": .optional(.string), "commit": .optional(.string),
        "author": .optional(.string), "committedAt": .optional(.moment), "declared": .optional(.declaration),
    ])

    private func boundJSON(_ bound: Bound) -> JSONTree {
        .object([
            ("bound", .string(bound.hold.bound)), ("resource", .optional(bound.declaration?.key.description)), ("rule", .string(bound.hold.rule)),
            ("asked", .int(bound.hold.asked)), ("remaining", .int(bound.hold.remaining)),
        ])
    }

    private func overrideJSON(_ override: Override) -> JSONTree {
        let patch: ResourcePatch? = if case .patch(let patch) = override.effect { patch } else { nil }
        let tells = tells(override)
        return .object([
            ("id", .string(override.uid)), ("resource", .string(override.target.description)), ("model", .optional(override.part)),
            ("denies", .bool(override.effect == .denial)), ("patch", .optionalRaw(tells || isShared(override.target.kind) ? patch?.json : nil)), ("from", .string(override.createdAt.iso8601)),
            ("until", .string((override.endedAt ?? override.expiresAt).iso8601)), ("owner", .optional(tells ? override.owner : nil)),
            ("reason", .optional(tells ? override.reason : nil)),
        ])
    }

    private static let overrideShape = AdminShape.object([
        "id": .string, "resource": .string, "model": .optional(.string), "denies": .boolean, "patch": .optional(.declaration), "from": .moment,
        "until": .moment, "owner": .optional(.string), "reason": .optional(.string),
    ])

    // MARK: what was declared

    /// Its `spec` without what is nobody's to see; nil for what is the platform's own affair.
    private func told(_ declaration: PastDeclaration) -> JSONTree? {
        let isTold = declaration.key.org == nil ? !isForOneOrganization : reach == .everything || reach.includes(declaration.project)
        guard isTold || isShared(declaration.key.kind) else { return nil }
        guard let spec = RecordedValue(declaration.declared)?["spec"] else { return nil }
        let provider = spec["provider"]?.text ?? ""
        let fields = spec.members.filter { !Self.isHidden($0.name, of: declaration.key.kind) }
        return .object(
            fields.map { field in
                guard declaration.key.kind == .modelCatalog, field.name == "models" else { return (field.name, .raw(field.value.json)) }
                return (field.name, models(field.value, of: provider))
            })
    }

    /// Whether whoever may call models may know what is declared in these.
    func isShared(_ kind: Kind) -> Bool { [.modelCatalog, .routingPolicy, .scope].contains(kind) }

    /// A catalog has thousands of models; those that were tried are told.
    private func models(_ models: RecordedValue, of provider: String) -> JSONTree {
        let tried = Set(attempts.map(\.terms.model))
        return .object(models.members.filter { tried.contains("\(provider)/\($0.name)") }.map { ($0.name, .raw($0.value.json)) })
    }

    private static func isHidden(_ field: String, of kind: Kind) -> Bool {
        switch kind {
        case .apiKey: field == "secrets"
        case .member: ["email", "externalId"].contains(field)
        case .organization: ["billing", "contacts", "signIn"].contains(field)
        default: false
        }
    }
}
