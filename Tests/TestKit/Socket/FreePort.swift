internal import Glibc

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago; prefer port 0 where the program can tell what it got.
package func freePort() throws -> UInt16 {
    let (descriptor, port) = try LoopbackSocket.listen()
    close(descriptor)
    return port
}
