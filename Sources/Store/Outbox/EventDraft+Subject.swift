package import Spec

extension EventDraft {
    /// The subjects of an event that is about one resource, as its receivers' filters read them.
    package static func subjects(of resource: ResourceKey, _ change: String) -> String {
        let org = resource.org ?? ""
        var text = JSONText()
        text.object { text in
            text.array("groups") { groups in
                groups.array { group in
                    group.string(org)
                    group.string(resource.kind.rawValue)
                    group.integer(1)
                }
            }
            text.array("items") { items in
                items.object { item in
                    item.member("organization", org)
                    item.member("kind", resource.kind.rawValue)
                    item.member("name", resource.name)
                    item.member("change", change)
                }
            }
        }
        return text.json
    }
}
