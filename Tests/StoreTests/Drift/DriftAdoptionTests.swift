import Crypto
import Spec
import Testing

@testable import Store

/// What of drift may become a declaration.
struct DriftAdoptionTests {
    private static let key = ResourceKey(org: "acme", kind: .budget, name: "team")
    private static let applied = PastResource(key: key, canonical: #"{"spec":{"hard":"100 USD","warnAt":[{"at":1},{"at":2}]}}"#)

    /// `seen` is the text that the scan saw, where that tells more than the field.
    private func adoption(of pointer: String, found: String?, in canonical: String, seen: String? = nil) throws -> DriftAdoption {
        let uid = "00000000-0000-4000-8000-000000000001"
        var finding = DriftFinding(
            unit: "main", uid: uid, resource: "acme/Budget/team", aspect: .changed, pointer: pointer, found: found, revision: 1)
        finding.row = seen.map { StateDigest.row(Self.key, $0).hex }
        return try DriftAdoption(
            [finding], applied: Self.applied, found: StoredResource(key: Self.key, uid: uid, canonical: canonical, revision: 1, unit: "main"))
    }

    @Test func `the value that was found is declared, and one that was written since then is not`() throws {
        let raised = #"{"spec":{"hard":"900 USD","warnAt":[{"at":1},{"at":2}]}}"#
        #expect(try adoption(of: "/spec/hard", found: #""900 USD""#, in: raised).step == .declare(Self.key, canonical: raised))
        for now in [raised.replacing("900", with: "9000000"), raised.replacing(#""hard":"900 USD","#, with: "")] {
            #expect(throws: DriftAdoption.Refused("it is not as the last scan found it")) {
                try adoption(of: "/spec/hard", found: #""900 USD""#, in: now)
            }
        }
    }

    @Test func `a field that a hand removed or added is declared so, unless that is another one by now`() throws {
        let bare = #"{"spec":{"warnAt":[{"at":1},{"at":2}]}}"#
        #expect(try adoption(of: "/spec/hard", found: nil, in: bare).step == .declare(Self.key, canonical: bare))
        let zoned = #"{"spec":{"hard":"100 USD","warnAt":[{"at":1},{"at":2}],"zone":"Europe/Berlin"}}"#
        #expect(try adoption(of: "/spec/zone", found: #""Europe/Berlin""#, in: zoned).step == .declare(Self.key, canonical: zoned))
        #expect(throws: DriftAdoption.Refused.self) { try adoption(of: "/spec/zone", found: #""Europe/Rome""#, in: zoned) }
        #expect(throws: DriftAdoption.Refused.self) { try adoption(of: "/spec/hard", found: nil, in: zoned.replacing("100", with: "900")) }
    }

    @Test func `an item of a list is declared with its list`() throws {
        let found = #"{"spec":{"hard":"100 USD","warnAt":[{"at":1},{"at":3}]}}"#
        #expect(try adoption(of: "/spec/warnAt/1/at", found: "3", in: found, seen: found).step == .declare(Self.key, canonical: found))
    }

    @Test(arguments: ["/spec/warnAt/1/at", "/spec/warnAt", "/spec/warnAt/7"])
    func `an item, and the order, of a list that a hand wrote once more since the scan is not declared`(pointer: String) {
        let (seen, now) = (#"{"spec":{"hard":"100 USD","warnAt":[{"at":1},{"at":3}]}}"#, #"{"spec":{"hard":"100 USD","warnAt":[{"at":1},{"at":9}]}}"#)
        for digest in [seen, nil] {
            #expect(throws: DriftAdoption.Refused("it is not as the last scan found it")) {
                try adoption(of: pointer, found: "3", in: now, seen: digest)
            }
        }
    }

    @Test func `a row that no commit declares is declared as the scan saw it, and not what a hand made of it since`() throws {
        let uid = "00000000-0000-4000-8000-000000000001"
        var finding = DriftFinding(unit: "main", uid: uid, resource: "acme/Budget/team", aspect: .unexpected, revision: 1)
        let seen = #"{"spec":{"hard":"100 USD"}}"#
        finding.row = StateDigest.row(Self.key, seen).hex
        func adopt(_ key: ResourceKey, _ canonical: String) throws -> DriftAdoption {
            try DriftAdoption(
                [finding], applied: nil, found: StoredResource(key: key, uid: uid, canonical: canonical, revision: 1, unit: "main"))
        }
        #expect(try adopt(Self.key, seen).step == .declare(Self.key, canonical: seen))
        let renamed = ResourceKey(org: "acme", kind: .budget, name: "other")
        for (key, text) in [(Self.key, seen.replacing("100", with: "900")), (renamed, seen)] {
            #expect(throws: DriftAdoption.Refused("it is not as the last scan found it")) { try adopt(key, text) }
        }
    }
}
