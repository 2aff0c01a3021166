import Glibc
import Reconciler

exit(CommandTable.run(Array(CommandLine.arguments.dropFirst())))
