import Glibc

enum Descriptor {
    static func duplicate(_ descriptor: Int32) -> Int32 { dup(descriptor) }

    /// Whether the other side's kernel has all that was sent, for its program to read (SIOCOUTQ, tcp(7)).
    static func hasDelivered(_ descriptor: Int32) -> Bool {
        var left: Int32 = -1
        return ioctl(descriptor, UInt(TIOCOUTQ), &left) == 0 && left == 0
    }
}
