"""What can be done, whichever way it was asked: by click, command, the intake API, or a tick of the clock."""
