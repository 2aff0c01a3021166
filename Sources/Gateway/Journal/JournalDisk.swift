/// The journal's calls to the disk, or what a test does in their place.
struct JournalDisk: Sendable {
    var create: @Sendable (String) throws(DiskFault) -> OpenFile = { path throws(DiskFault) in try OpenFile(creating: path) }
    var write: @Sendable (OpenFile, [UInt8], Int) throws(DiskFault) -> Void = { file, bytes, offset throws(DiskFault) in
        try file.write(bytes, at: offset)
    }
    /// Up to so many bytes from an offset.
    var read: @Sendable (OpenFile, Int, Int) throws(DiskFault) -> [UInt8] = { file, offset, max throws(DiskFault) in
        try file.read(at: offset, max: max)
    }
    var synchronize: @Sendable (OpenFile) throws(DiskFault) -> Void = { file throws(DiskFault) in try file.synchronize() }
    var synchronizeFolder: @Sendable (String) throws(DiskFault) -> Void = { path throws(DiskFault) in
        try Disk.synchronizeDirectory(path)
    }

    /// Makes sure that the names of an epoch's segments, and that of its folder, outlive a power cut.
    func synchronizeNames(epoch: Int64, in journal: String) throws(DiskFault) {
        try synchronizeFolder("\(journal)/\(epoch)")
        try synchronizeFolder(journal)
    }
}
