import Glibc

enum Descriptor {
    static func duplicate(_ descriptor: Int32) -> Int32 { dup(descriptor) }
}
