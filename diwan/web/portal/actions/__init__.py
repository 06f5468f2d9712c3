"""What visitors can leave: one write a file."""

from diwan.web.portal.actions.leave_feedback import add_words, leave_feedback

__all__ = ["add_words", "leave_feedback"]
