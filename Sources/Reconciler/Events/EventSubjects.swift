internal import Spec

/// What an event is about, by organization, so that each is told of its own alone. A value.
struct EventSubjects: Hashable, Sendable {
    /// A resource that something happened to.
    struct Item: Hashable, Sendable {
        /// Nil for the platform's own.
        var org: String?
        var kind: String
        var name: String
        /// In the past tense, such as `created`.
        var change: String
        /// The fields of it, as people say them; not all where they are many.
        var fields: [String] = []
        var labels: [String: String] = [:]
    }

    /// A mistake in a file.
    struct Mistake: Hashable, Sendable {
        var org: String?
        var code: String
        /// `path:line:column`.
        var place: String?
        var message: String
    }

    /// How many there are of one kind in one organization, listed or not.
    struct Group: Hashable, Sendable {
        var org: String?
        /// Empty for mistakes.
        var kind: String
        var count: Int
    }

    private(set) var groups: [Group] = []
    /// The first of them.
    private(set) var items: [Item] = []
    private(set) var mistakes: [Mistake] = []

    /// Listed in an event; receivers want small bodies (Standard Webhooks, *Payload size*), the rest is counted.
    static let listedMax = 100

    init() {}

    /// Of many things, by their organizations and kinds; what is listed of the first is looked up by `item`.
    init<Thing>(_ things: [Thing], _ place: (Thing) -> (org: String?, kind: String), item: (Thing) -> Item) {
        items = things.prefix(Self.listedMax).map(item)
        groups = Self.groups(things.map { thing in
            let (org, kind) = place(thing)
            return Group(org: org, kind: kind, count: 1)
        })
    }

    init(_ items: [Item]) { self.init(items, { ($0.org, $0.kind) }, item: { $0 }) }

    init(mistakes: [Mistake]) {
        self.mistakes = Array(mistakes.prefix(Self.listedMax))
        groups = Self.groups(mistakes.map { Group(org: $0.org, kind: "", count: 1) })
    }

    private init(groups: [Group], items: [Item], mistakes: [Mistake]) {
        (self.groups, self.items, self.mistakes) = (groups, items, mistakes)
    }

    /// One for each organization and kind.
    private static func groups(_ parts: some Sequence<Group>) -> [Group] {
        var sums: [Group: Int] = [:]
        for var part in parts {
            let count = part.count
            part.count = 0
            sums[part, default: 0] += count
        }
        return sums.map { Group(org: $0.key.org, kind: $0.key.kind, count: $0.value) }
            .sorted { ($0.org ?? "", $0.kind) < ($1.org ?? "", $1.kind) }
    }

    var isEmpty: Bool { groups.isEmpty }
    var count: Int { groups.reduce(0) { $0 + $1.count } }
    var isWhole: Bool { items.count + mistakes.count == count }

    /// What an organization may be told of it.
    func limited(to org: String) -> EventSubjects {
        EventSubjects(
            groups: groups.filter { $0.org == org }, items: items.filter { $0.org == org },
            mistakes: mistakes.filter { $0.org == org })
    }

    /// Of two events as of one.
    func joined(with other: EventSubjects) -> EventSubjects {
        EventSubjects(
            groups: Self.groups(groups + other.groups), items: Array((items + other.items).prefix(Self.listedMax)),
            mistakes: Array((mistakes + other.mistakes).prefix(Self.listedMax)))
    }

    /// Whether something of it meets all that a filter asks. Of what is counted and not listed the labels are not known; then
    /// it is rather told once too often.
    func hasAny(of filter: Webhook.Filter) -> Bool {
        func isAsked(_ org: String?, _ kind: String) -> Bool {
            (filter.organizations.isEmpty || org.map(filter.organizations.contains) ?? false)
                && (filter.kinds.isEmpty || filter.kinds.contains { $0.rawValue == kind })
        }
        if filter.labels.isEmpty || !isWhole { return groups.contains { isAsked($0.org, $0.kind) } }
        return items.contains { item in
            isAsked(item.org, item.kind) && filter.labels.allSatisfy { item.labels[$0.key] == $0.value }
        }
    }
}

extension EventSubjects {
    /// As the outbox keeps it.
    var json: JSONTree {
        .object([
            (
                "groups",
                .array(groups.map { .array([.string($0.org ?? ""), .string($0.kind), .int(Int64($0.count))]) })
            ),
            (
                "items",
                .array(
                    items.map { item in
                        .object([
                            ("organization", .string(item.org ?? "")), ("kind", .string(item.kind)), ("name", .string(item.name)),
                            ("change", .string(item.change)), ("fields", .array(item.fields.map { .string($0) })),
                            ("labels", .object(item.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
                        ])
                    })
            ),
            (
                "mistakes",
                .array(
                    mistakes.map { mistake in
                        .object([
                            ("organization", .string(mistake.org ?? "")), ("code", .string(mistake.code)),
                            ("place", .string(mistake.place ?? "")), ("message", .string(mistake.message)),
                        ])
                    })
            ),
        ])
    }

    /// Reads what `json` wrote; what is not there is empty.
    init(json text: String) {
        let read = EventData(text)
        func org(_ name: String?) -> String? { name.flatMap { $0.isEmpty ? nil : $0 } }
        groups = read.items("groups").compactMap { group in
            let parts = group.texts
            guard parts.count == 3, let count = Int(parts[2]) else { return nil }
            return Group(org: org(parts[0]), kind: parts[1], count: count)
        }
        items = read.items("items").map { item in
            Item(
                org: org(item["organization"]), kind: item["kind"] ?? "", name: item["name"] ?? "", change: item["change"] ?? "",
                fields: item.texts("fields"), labels: item.members("labels"))
        }
        mistakes = read.items("mistakes").map { mistake in
            Mistake(
                org: org(mistake["organization"]), code: mistake["code"] ?? "", place: org(mistake["place"]),
                message: mistake["message"] ?? "")
        }
    }

    /// The members that a receiver gets.
    var members: [(String, JSONTree)] {
        guard !isEmpty else { return [] }
        var members: [(String, JSONTree)] = [("count", .int(Int64(count)))]
        if !items.isEmpty {
            members.append(
                (
                    "resources",
                    .array(
                        items.map { item in
                            .object(
                                [
                                    ("organization", .optional(item.org)), ("kind", .string(item.kind)), ("name", .string(item.name)),
                                    ("change", .string(item.change)),
                                ] + (item.fields.isEmpty ? [] : [("fields", .array(item.fields.map { .string($0) }))]))
                        })
                ))
        }
        if !mistakes.isEmpty {
            members.append(
                (
                    "errors",
                    .array(
                        mistakes.map { mistake in
                            .object([
                                ("code", .string(mistake.code)), ("place", .optional(mistake.place)),
                                ("message", .string(mistake.message)),
                            ])
                        })
                ))
        }
        return members
    }
}
