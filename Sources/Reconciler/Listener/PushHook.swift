internal import Crypto
internal import Glibc
internal import Spec
internal import Store

/// A declared way for a Git host to say that something was pushed, with the secret as it is now.
struct PushHook: Sendable {
    var path: String
    /// Nil where the secret cannot be read.
    var hint: PushHint?
    /// Why not.
    var problem: String?

    init(_ push: Repository.Push) {
        path = push.path
        do {
            guard !ListenerDesk.ownPaths.contains(path) else { throw HookProblem("the watcher answers there itself") }
            guard let hint = PushHint(push, secret: try push.secret.bytes()) else { throw HookProblem("its secret is empty") }
            self.hint = hint
        } catch {
            problem = "\(error)"
        }
    }
}

/// Why calls to a path cannot be judged.
struct HookProblem: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

extension SecretReference {
    /// Longer than what any host takes for a secret.
    static let bytesMax = 4096

    /// Reads it now.
    fileprivate func bytes() throws(HookProblem) -> [UInt8] {
        let text: String
        switch self {
        case .environment(let name):
            guard let value = getenv(name) else { throw HookProblem("the environment variable \(name) is not set") }
            text = String(cString: value)
        case .file(let path):
            // Opening a pipe would wait for its writer.
            var status = stat()
            guard stat(path, &status) == 0 else { throw HookProblem("the file \(path) cannot be found") }
            guard status.st_mode & S_IFMT == S_IFREG else { throw HookProblem("\(path) is not a file") }
            do { text = try SmallFile.text(path, bytesMax: Self.bytesMax) } catch { throw HookProblem("\(error)") }
        }
        return text.trimmedBytes
    }
}

extension String {
    /// Without the white space around it, with which files end.
    var trimmedBytes: [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    }
}

/// The hooks that the rules applied last declare; remembers the rules for as long as nothing else is applied.
struct HookRules {
    private var revision: Int64?
    private var declared: [Repository.Push] = []

    /// Reads the secrets anew each time, so that a changed file counts from then on.
    mutating func hooks(of unit: String, at applied: Int64?, _ connection: Connection) throws -> [PushHook] {
        if applied != revision {
            declared = try connection.transaction { transaction in
                let uids = try UnitOwnership.rules(transaction, of: unit)
                let rows = try History.state(transaction, at: .max, of: uids).values
                return rows.flatMap { row -> [Repository.Push] in
                    guard case .repository(let rules) = try? Resource.decode(key: row.key, canonical: row.canonical).body else {
                        return []
                    }
                    return rules.webhooks
                }
            }
            revision = applied
        }
        return declared.map(PushHook.init)
    }
}
