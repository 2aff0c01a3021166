internal import FoundationEssentials

/// One reason for which a plan waits, as its row keeps it.
struct RecordedBlock: Decodable {
    var code: String
    var message: String
    var approvable: Bool

    /// Whether only a person's `charter apply` is waited for.
    var isManual: Bool { code == GuardBlock.manual(changes: 0).code }

    /// What cannot be read, as a row edited by hand, is shown as it stands.
    static func list(_ json: String) -> [RecordedBlock] {
        let decoded = try? JSONDecoder().decode([RecordedBlock].self, from: Data(json.utf8))
        return decoded ?? [RecordedBlock(code: "unreadable", message: json, approvable: false)]
    }

    static func remarks(_ json: String) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(json.utf8))) ?? [json]
    }

    static func command(for blocks: [RecordedBlock], digest: String) -> String? {
        ApprovalCommand.text(digest: digest, blocks: blocks)
    }
}
