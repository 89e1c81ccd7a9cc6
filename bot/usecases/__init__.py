"""What can be done, whichever way it was asked: by a click, a command, the intake API, or a tick of the clock."""
