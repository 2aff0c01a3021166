internal import Policy
internal import Synchronization

/// The counters of one organization, shared by all loops; every critical section is a few microseconds.
final class OrganizationCells: Sendable {
    let table: Mutex<CellTable>

    init(orgUID: String) { table = Mutex(CellTable(org: orgUID)) }
}
