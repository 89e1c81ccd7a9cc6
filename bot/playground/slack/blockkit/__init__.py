"""Block Kit's limits as tables, and the check that refuses what Slack would refuse."""

from .check import Problem, check_blocks, check_view, elements_of

__all__ = ["Problem", "check_blocks", "check_view", "elements_of"]
