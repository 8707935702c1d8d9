"""What can go wrong, as a tree.

    CleanerError            the user can mend it: the message names the thing, the value and the next step
    ├── InputError          a path, a column or a file that cannot be used
    ├── OutputError         a directory that must not be written to, or cannot be
    ├── RuleError           a rule file that is refused
    └── SettingsError       a setting that is unknown or out of range

One bad page is none of these: it becomes a row of `rejected`.
"""


class CleanerError(Exception):
    """The base of all errors that a user can mend."""


class InputError(CleanerError):
    """A path, a column or a file that cannot be used."""


class OutputError(CleanerError):
    """A directory that must not be written to, or cannot be."""


class RuleError(CleanerError):
    """A rule file that is refused."""


class SettingsError(CleanerError):
    """A setting that is unknown or out of range."""
