import CPosix
import DeviceAgent

bp_exit(CommandLineTool.run())
