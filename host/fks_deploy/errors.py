"""The errors of a deploy. Each message is for the operator: key, value, remedy."""


class DeployError(Exception):
    """The deploy failed."""


class InputError(DeployError):
    """The deploy request on stdin or an option is invalid; nothing was changed."""


class LockBusyError(DeployError):
    """Another deploy runs on this server."""


class StackLockedError(DeployError):
    """The operator has locked the stack."""


class InterruptedDeployError(DeployError):
    """The deploy got a signal or exceeded its time limit."""
