import Glibc

let usage = """
    load puts a load on a server of this machine, or stands behind one, and prints one line of figures.

      load rate --port N --rate N --seconds N --connections N [--key K] [--body FILE] [--timeout MS] [--fresh yes] [--queue no]
                [--warm-up N]
          Requests at fixed times, whether earlier ones were answered or not; latencies count from the time at which each was due, so that a server which
          stalls cannot hide it. Prints: requests due, answered 200, answered otherwise, failed, not answered in time, then µs of p50 p90 p99 p99.9 and
          the worst. --fresh opens a connection for each request; with --queue no one that finds no connection free is given up. The first --warm-up seconds do not count.
      load streams --port N --streams N --seconds N [--key K] [--body FILE] [--warm-up N]
          Event streams side by side, begun anew when they end. Prints: streams that ended whole, streams that did not, events, events lost or out of
          order, then µs from the provider's stamp to the read: p50 p99 p99.9 and the worst.
      load idle --port N --connections N --seconds N [--key K] [--body FILE]
          Connections with one answered request each; prints `open N` when all stand, and at the end how many still answer.
      load provider --port N --pause MS --events N
          A provider whose answers are streams of stamped events of 150 bytes or so; until it is ended.
    """

func end(_ code: Int32, _ text: String) -> Never {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(code == 0 ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(code)
}

func perform(_ arguments: Arguments) throws {
    switch arguments.command {
    case "rate":
        var load = try RateLoad(arguments)
        end(0, try load.run())
    case "streams":
        var load = try StreamLoad(arguments)
        end(0, try load.run())
    case "idle":
        var load = try IdleLoad(arguments)
        let last = try load.run { line in
            print(line)
            fflush(nil)
        }
        end(0, last)
    case "provider":
        var provider = try EventProvider(arguments)
        try provider.run()
    default: throw LoadError(reason: usage)
    }
}

do {
    try perform(try Arguments(Array(CommandLine.arguments.dropFirst())))
} catch let error as LoadError {
    end(2, error.reason)
}
