"""The only home of the failure that a person at the command line can mend."""


class CannotStart(Exception):
    """Something on this machine is in the way; the message says what, and the one thing that mends it."""
