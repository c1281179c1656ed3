"""What may go wrong in a deploy, each with a message for the operator."""


class DeployError(Exception):
    """A deploy cannot go on. The message names what, its value and the remedy."""


class InputError(DeployError):
    """The order on stdin or an option is wrong: nothing was done."""


class LockHeldError(DeployError):
    """Another deploy runs on this server."""


class InterruptedDeployError(DeployError):
    """The deploy was told to stop, or took too long."""
