@testable import Gateway
import Policy
import Spec
import Store
import Testing

@Suite struct JournalRecordTests {
    static let terms = AttemptTerms(
        number: 300,
        account: UsageAccount(
            org: "acme", orgUID: "o", project: nil, projectUID: nil, member: "sam", memberUID: "m", key: "main", keyUID: "k"),
        endpoint: "chat.completions", requestedModel: "gpt-4o", model: "openai/gpt-4o", route: nil,
        price: PriceTerms(
            version: "v1", ModelCatalog.PriceList(meters: [.input: .init(2_000_000_000_000), .output: .init(10_000_000_000_000)])),
        revision: 7)
    static let opened = OpenedRecord(
        id: AttemptID(decision: DecisionID(high: 1, low: 2), attempt: 1), at: 1_700_000_000_000, terms: terms, isStream: true,
        inputEstimate: 3, outputHold: 1000, costHold: 10_006_000)
    static let settled = SettledRecord(
        id: opened.id, status: 200, usage: MeteredUsage(), cost: -5, isEstimated: false, latencyMilliseconds: 12,
        firstByteMilliseconds: 3, detail: .text(#"{"é":1}"#))

    private static func bytes(_ records: [JournalRecord]) -> [UInt8] {
        var encoder = RecordEncoder()
        for record in records { record.encode(into: &encoder) }
        return encoder.bytes
    }

    /// All records of a segment's bytes, which must end with the last.
    private static func records(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> [JournalRecord] {
        bytes.withUnsafeBytes { buffer in
            var records: [JournalRecord] = []
            var names = SegmentNames()
            var offset = 0
            while case .record(let record, let end) = RecordFrame.read(buffer, at: offset, names: names) {
                names.note(record)
                records.append(record)
                offset = end
            }
            #expect(offset == bytes.count, sourceLocation: sourceLocation)
            return records
        }
    }

    static let form = FormRecord(
        number: 301,
        form: DecisionForm(
            text: Array(#"{"é":,"draw":""}"#.utf8),
            blanks: [.init(offset: 6, isHexadecimal: false), .init(offset: 15, isHexadecimal: true)]))

    @Test func `reads back every record that it writes`() throws {
        var filled = Self.settled
        filled.detail = .filled(Self.form, [-7, Int64.max])
        filled.flags = [.missing, .repriced]
        filled.isLast = false
        var account = Self.terms.account
        account.tags = #"{"team":"search"}"#
        let tagged = AttemptTerms(
            number: 302, account: account, endpoint: "embeddings", requestedModel: "x", model: "openai/x", route: "r",
            price: .free, revision: 8)
        let graded = AttemptTerms(
            number: 303, account: account, endpoint: "completions", requestedModel: "y", model: "openai/y", route: nil,
            price: PriceTerms(version: "v2", Self.graded), revision: 9)
        var asked = Self.opened
        asked.terms = graded
        asked.images = 3
        asked.tier = "priority"
        let records: [JournalRecord] = [
            .segment(SegmentIdentity(epoch: 3, loop: 1, number: 9)), .terms(Self.terms), .opened(Self.opened),
            .progress(ProgressRecord(id: Self.opened.id, outputPieces: 300)), .settled(Self.settled), .form(Self.form),
            .settled(filled), .terms(tagged), .terms(graded), .opened(asked), .carried,
        ]
        #expect(Self.records(Self.bytes(records)) == records)
    }

    @Test func `a filled form is the record with its numbers`() {
        #expect(DecisionDetail.filled(Self.form, [-7, 255]).json == #"{"é":-7,"draw":"ff"}"#)
    }

    @Test func `takes a settlement whose form its segment does not name, or whose numbers are missing, as damage`() {
        var filled = Self.settled
        filled.detail = .filled(Self.form, [1, 2])
        Self.bytes([.settled(filled)]).withUnsafeBytes { buffer in
            guard case .damaged("form 301 is not in the segment") = RecordFrame.read(buffer, at: 0) else {
                Issue.record("a settlement was read without its form")
                return
            }
        }
        var names = SegmentNames()
        names.note(.form(Self.form))
        filled.detail = .filled(Self.form, [1])
        Self.bytes([.settled(filled)]).withUnsafeBytes { buffer in
            guard case .damaged = RecordFrame.read(buffer, at: 0, names: names) else {
                Issue.record("a settlement was read without its numbers")
                return
            }
        }
    }

    /// A record as a gateway wrote it before decision records had forms.
    @Test func `reads what version 2 of the format left behind`() {
        let bytes: [UInt8] = [
            0x28, 0x00, 0x00, 0x00, 0x21, 0xE5, 0x12, 0x50, 0x02, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x90, 0x03, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x09, 0x00, 0x18, 0x06, 0x08, 0x7B, 0x22, 0xC3, 0xA9, 0x22, 0x3A, 0x31, 0x7D,
        ]
        #expect(Self.records(bytes) == [.settled(Self.settled)])
    }

    /// Records as a gateway wrote them before keys' tags and the flags of usage were recorded.
    @Test func `reads what version 3 of the format left behind`() {
        let bytes: [UInt8] = [
            0x62, 0x00, 0x00, 0x00, 0x7F, 0x90, 0x62, 0x4C, 0x03, 0x06, 0xAC, 0x02, 0x04, 0x61, 0x63, 0x6D,
            0x65, 0x01, 0x6F, 0x00, 0x00, 0x01, 0x03, 0x73, 0x61, 0x6D, 0x01, 0x01, 0x6D, 0x04, 0x6D, 0x61,
            0x69, 0x6E, 0x01, 0x6B, 0x10, 0x63, 0x68, 0x61, 0x74, 0x2E, 0x63, 0x6F, 0x6D, 0x70, 0x6C, 0x65,
            0x74, 0x69, 0x6F, 0x6E, 0x73, 0x06, 0x67, 0x70, 0x74, 0x2D, 0x34, 0x6F, 0x0D, 0x6F, 0x70, 0x65,
            0x6E, 0x61, 0x69, 0x2F, 0x67, 0x70, 0x74, 0x2D, 0x34, 0x6F, 0x00, 0x02, 0x76, 0x31, 0x02, 0x05,
            0x69, 0x6E, 0x70, 0x75, 0x74, 0x80, 0x80, 0xD1, 0x94, 0xB5, 0x74, 0x06, 0x6F, 0x75, 0x74, 0x70,
            0x75, 0x74, 0x80, 0x80, 0x95, 0xE7, 0x89, 0xC6, 0x04, 0x0E, 0x29, 0x00, 0x00, 0x00, 0x82, 0x15,
            0xA3, 0x9B, 0x03, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x00, 0x01, 0x90, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x00, 0x18,
            0x06, 0x00, 0x08, 0x7B, 0x22, 0xC3, 0xA9, 0x22, 0x3A, 0x31, 0x7D,
        ]
        #expect(Self.records(bytes) == [.terms(Self.terms), .settled(Self.settled)])
    }

    /// Settlements as a gateway wrote them when the first attempt counted the request.
    @Test func `reads what version 4 of the format left behind`() {
        let bytes: [UInt8] = [
            0x2A, 0x00, 0x00, 0x00, 0x2D, 0x34, 0x85, 0xF2, 0x04, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x90, 0x03, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x09, 0x00, 0x18, 0x06, 0x00, 0x08, 0x7B, 0x22, 0xC3, 0xA9, 0x22, 0x3A, 0x31,
            0x7D, 0x03, 0x2A, 0x00, 0x00, 0x00, 0x4E, 0x05, 0xB9, 0x39, 0x04, 0x04, 0x01, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x90, 0x03, 0x00,
            0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x00, 0x18, 0x06, 0x00, 0x08, 0x7B, 0x22, 0xC3, 0xA9, 0x22,
            0x3A, 0x31, 0x7D, 0x03,
        ]
        var first = Self.settled
        first.flags = [.missing, .repeated]
        var second = first
        second.id = AttemptID(decision: first.id.decision, attempt: 2)
        second.isLast = false
        #expect(Self.records(bytes) == [.settled(first), .settled(second)])
    }

    /// Records as a gateway wrote them when every request had the same prices.
    @Test func `reads what version 5 of the format left behind`() {
        let bytes: [UInt8] = [
            0x65, 0x00, 0x00, 0x00, 0x07, 0xAD, 0xC3, 0x8D, 0x05, 0x06, 0xAC, 0x02, 0x04, 0x61, 0x63, 0x6D,
            0x65, 0x01, 0x6F, 0x00, 0x00, 0x01, 0x03, 0x73, 0x61, 0x6D, 0x01, 0x01, 0x6D, 0x04, 0x6D, 0x61,
            0x69, 0x6E, 0x01, 0x6B, 0x02, 0x7B, 0x7D, 0x10, 0x63, 0x68, 0x61, 0x74, 0x2E, 0x63, 0x6F, 0x6D,
            0x70, 0x6C, 0x65, 0x74, 0x69, 0x6F, 0x6E, 0x73, 0x06, 0x67, 0x70, 0x74, 0x2D, 0x34, 0x6F, 0x0D,
            0x6F, 0x70, 0x65, 0x6E, 0x61, 0x69, 0x2F, 0x67, 0x70, 0x74, 0x2D, 0x34, 0x6F, 0x00, 0x02, 0x76,
            0x31, 0x02, 0x05, 0x69, 0x6E, 0x70, 0x75, 0x74, 0x80, 0x80, 0xD1, 0x94, 0xB5, 0x74, 0x06, 0x6F,
            0x75, 0x74, 0x70, 0x75, 0x74, 0x80, 0x80, 0x95, 0xE7, 0x89, 0xC6, 0x04, 0x0E, 0x23, 0x00, 0x00,
            0x00, 0x88, 0x7B, 0x85, 0xE9, 0x05, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x80, 0xA0, 0xAB, 0xFE, 0xF9, 0x62, 0xAC, 0x02,
            0x01, 0x06, 0xD0, 0x0F, 0xE0, 0xB7, 0xC5, 0x09, 0x2B, 0x00, 0x00, 0x00, 0x63, 0x14, 0xCD, 0x99,
            0x05, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x01, 0x90, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x00, 0x18, 0x06, 0x00,
            0x08, 0x7B, 0x22, 0xC3, 0xA9, 0x22, 0x3A, 0x31, 0x7D, 0x00, 0x01,
        ]
        #expect(Self.records(bytes) == [.terms(Self.terms), .opened(Self.opened), .settled(Self.settled)])
    }

    /// Twice as dear beyond 200,000 tokens of input, and three times in the class `priority`.
    static let graded = ModelCatalog.PriceList(
        meters: [.input: .init(2_000_000_000_000), .output: .init(10_000_000_000_000), .image: .init(5_000_000_000_000_000)],
        above: [ModelCatalog.PriceStep(input: 200_000, meters: [.input: .init(4_000_000_000_000), .output: .init(20_000_000_000_000)])],
        tiers: [
            "priority": ModelCatalog.PriceTier(
                meters: [.input: .init(6_000_000_000_000), .output: .init(30_000_000_000_000)], above: [])
        ])

    @Test func `what a dead process left open costs what its size, its class of service and its images cost`() {
        func cost(input: Int64, images: Int64 = 0, tier: String? = nil) -> SettledRecord {
            var opened = Self.opened
            opened.terms = AttemptTerms(
                number: 1, account: Self.terms.account, endpoint: "chat.completions", requestedModel: "y", model: "openai/y", route: nil,
                price: PriceTerms(version: "v2", Self.graded), revision: 9)
            (opened.inputEstimate, opened.images, opened.tier) = (input, images, tier)
            return UnsettledEstimate.book(AttemptPairing.Open(record: opened, pieces: 100, segment: 0)).settled
        }
        #expect(cost(input: 200_000).cost == 200_000 * 2_000 + 100 * 10_000)
        #expect(cost(input: 200_001).cost == 200_001 * 4_000 + 100 * 20_000)
        #expect(cost(input: 1_000, tier: "priority").cost == 1_000 * 6_000 + 100 * 30_000)
        let pictures = cost(input: 1_000, images: 2)
        #expect(pictures.cost == 1_000 * 2_000 + 100 * 10_000 + 2 * 5_000_000)
        #expect(pictures.usage.others == ["image": 2])
    }

    @Test(arguments: [
        ("images.generations", [.image: .init(40_000_000_000_000_000)], "image", 3 * 40_000_000, ["image": 3]),
        ("images.edits", [.input: .init(5_000_000_000_000), .imageOutput: .init(40_000_000_000_000)], nil, 10 * 5_000 + 200 * 40_000, ["image-output": 200]),
        ("audio.speech", [Meter(rawValue: "character-input"): .init(15_000_000_000_000)], "character-input", 3 * 15_000, ["character-input": 3]),
        ("audio.transcriptions", [Meter(rawValue: "second"): .init(100_000_000_000_000)], "second", 3 * 100_000, ["second": 3]),
    ] as [(String, [Meter: PicoUSDPerMillion], String?, Int64, [String: Int64])])
    func `what a dead process left open of pictures and sound costs what it may have come to`(
        endpoint: String, meters: [Meter: PicoUSDPerMillion], unit: String?, cost: Int64, others: [String: Int64]
    ) {
        var opened = Self.opened
        opened.terms = AttemptTerms(
            number: 1, account: Self.terms.account, endpoint: endpoint, requestedModel: "y", model: "openai/y", route: nil,
            price: PriceTerms(version: "v3", ModelCatalog.PriceList(meters: meters)), revision: 9)
        (opened.inputEstimate, opened.outputHold, opened.isStream) = unit == nil ? (10, 200, false) : (0, 0, false)
        opened.images = unit == nil ? 0 : 3
        let settled = UnsettledEstimate.book(AttemptPairing.Open(record: opened, pieces: 100, segment: 0)).settled
        #expect(settled.cost == cost)
        #expect(settled.usage.others == others)
    }

    @Test func `takes an attempt whose terms its segment does not name as damage`() {
        Self.bytes([.opened(Self.opened)]).withUnsafeBytes { buffer in
            guard case .damaged = RecordFrame.read(buffer, at: 0) else {
                Issue.record("an attempt was read without its terms")
                return
            }
        }
    }

    @Test func `takes a record cut at any byte as unfinished`() {
        let bytes = Self.bytes([.opened(Self.opened)])
        for length in 0..<bytes.count {
            bytes[..<length].withUnsafeBytes { buffer in
                guard case .incomplete = RecordFrame.read(buffer, at: 0) else {
                    Issue.record("\(length) of \(bytes.count) bytes were read as a record")
                    return
                }
            }
        }
    }

    @Test func `notices any byte that changed`() {
        let bytes = Self.bytes([.settled(Self.settled)])
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x20
            damaged.withUnsafeBytes { buffer in
                if case .record = RecordFrame.read(buffer, at: 0) { Issue.record("byte \(index) may change unnoticed") }
            }
        }
    }

    @Test func `computes the checksums of the standard's examples`() {
        // RFC 3720 appendix B.4: 32 bytes of zeros, and the numbers 0 to 31.
        #expect([UInt8](repeating: 0, count: 32).withUnsafeBytes { CRC32C.checksum($0) } == 0x8A91_36AA)
        #expect((0..<32).map { UInt8($0) }.withUnsafeBytes { CRC32C.checksum($0) } == 0x46DD_794E)
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32C.checksum($0) } == 0xE306_9283)
    }

    @Test func `later decision ids sort later`() {
        var generator = DecisionIDGenerator(seed: 7)
        let ids = (0..<100).map { generator.next(milliseconds: 1_700_000_000_000 + Int64($0)) }
        #expect(ids.sorted() == ids)
        #expect(ids.map(\.hex).sorted() == ids.map(\.hex))
        #expect(Set(ids).count == 100)
        #expect(DecisionID(hex: ids[0].hex) == ids[0])
        let times: [Int64?] = ids.map { DecisionName($0.hex)?.at.milliseconds }
        #expect(times == (0..<100).map { 1_700_000_000_000 + Int64($0) }, "the ledger's reader knows their times")
    }
}
