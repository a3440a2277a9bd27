"""What is asked of a member whom an answer did not help, and what is said to a vote. Pure."""

from bot.rendering.reply import Field, Form, Reply, custom_id

FOUND_UNHELPFUL = "found-unhelpful"
REASON = "reason"
WORDS = "words"
WORDS_MAX_UNITS = 500
OTHER = "other"
REASONS = (
    ("wrong", "The answer is wrong"),
    ("beside", "Right passage, but not what I asked"),
    ("outdated", "It is out of date"),
    ("missed", "The documents say more about this"),
    (OTHER, "Something else"),
)
"""What is kept, and what is shown for it."""

HELPED = Reply("Thanks, noted.")
NOT_HELPED = "Thanks for saying so; it is noted."


def unhelpful_form(name: str, *, in_words: bool) -> Form:
    """The form that asks what was wrong with an exchange's answer; `in_words`: in words too."""
    fields = [Field(REASON, "What was wrong?", choices=REASONS)]
    if in_words:
        fields.append(Field(WORDS, "In your words", longest=WORDS_MAX_UNITS, required=False))
    return Form("Not helpful", custom_id(FOUND_UNHELPFUL, name), tuple(fields))
