import Glibc
import Simulator

/// `charter simulate`: a provider of made-up answers, for demos, tests and benchmarks.
enum SimulateCommand {
    /// Serves until SIGINT or SIGTERM. `arguments` are the words behind `simulate`. Answers the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.contains("--help") || arguments.contains("-h") {
            say(SimulatorSettings.usage, to: STDOUT_FILENO)
            return 0
        }
        do {
            let settings = try SimulatorSettings(arguments: arguments)
            // Blocked before any thread starts, so that all inherit it and only `sigwait` sees the signal.
            var signals = stopSignals()
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            let provider = try SimulatedProvider(settings)
            if !settings.isQuiet {
                say("simulated provider at http://\(settings.host):\(provider.port)/v1\n", to: STDOUT_FILENO)
            }
            var signal: Int32 = 0
            sigwait(&signals, &signal)
            provider.stop()
            return 0
        } catch let error as SettingsError {
            say("charter simulate: \(error)\nSee charter simulate --help.\n", to: STDERR_FILENO)
            return MeaningOfTwo.exitCodeOfMisuse
        } catch {
            say("charter simulate: \(error)\n", to: STDERR_FILENO)
        }
        return 1
    }

    private static func stopSignals() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }

    /// Unbuffered, so that whoever waits for the line gets it.
    private static func say(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
