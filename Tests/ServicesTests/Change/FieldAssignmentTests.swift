import Services
import Testing

@Suite struct FieldAssignmentTests {
    @Test(arguments: [
        ("hard=400 USD/month", "/spec/hard", #""400 USD/month""#), ("budget.hard=1", "/spec/budget/hard", "1"),
        ("metadata.labels.tier=gold", "/metadata/labels/tier", #""gold""#), ("/spec/a~1b/0=true", "/spec/a~1b/0", "true"),
        (#"scopes=["chat"]"#, "/spec/scopes", #"["chat"]"#), ("spec.zone=null", "/spec/zone", "null"),
        (#"displayName="5""#, "/spec/displayName", #""5""#), ("a=b=c", "/spec/a", #""b=c""#),
    ])
    func `a field and its value are read as people write them`(text: String, pointer: String, value: String) throws {
        let read = try FieldAssignment(text)
        #expect(read.pointer == pointer && read.value == value)
    }

    @Test func `a field without a value is removed`() throws {
        #expect(try FieldAssignment("hard=").value == nil)
    }

    @Test(arguments: ["hard", "=x", "", "a..b=1", "/kind=Budget", "/=1"])
    func `what names no field is refused`(text: String) {
        #expect(throws: ChangeRefused.self) { try FieldAssignment(text) }
    }
}
