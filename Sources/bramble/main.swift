import BrambleCommands
import Foundation

let status = await BrambleProgram.run(Array(CommandLine.arguments.dropFirst()))
exit(status.rawValue)
