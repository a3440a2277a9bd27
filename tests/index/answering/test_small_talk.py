"""What is no question of the documents."""

import pytest

from index.answering.small_talk import is_small_talk


@pytest.mark.parametrize(
    "text",
    ["hello", "Hi there!", "thanks bot", "Thank you so much :)", "how are you?", "good morning",
     "What's up", "whats up bot", "hey how is it?", "you are so nice", "ok", "good night all",
     "that is all, thanks!", "ok that is it, thank you", "thanks, you are all great",
     "yo what's good", "你好", "नमस्ते", "Gracias!", "lol ok", "it works now, thank you",
     "thanks for nothing", "vielen Dank", "yes", "No.", "yes please", "help", "can you help me?",
     "who are you?", "are you a bot", "good bot", "that's it, thanks",
     "thanks! 🙏", "👍", "🙂", "???", "...", "", "good morning everyone 😊", "gm", "tysm!",
     "perfekt", "moin zusammen", "danke dir, hat geklappt!", "alles klar", "merci beaucoup",
     "bonsoir", "guten abend", "who made you", "wer bist du", "thanks bot ur great", "👍🏽", "❤️"],
)  # fmt: skip
def test_greetings_and_thanks_are_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["what is hello", "tag", "quoth help", "how quoth works", "hi how is it made",
     "help with maps", "no maps", "can you help me find it", "is it good",
     "who leads interpol", "hi, who leads interpol?", "you",
     "thanks to whom was it found", "good morning is said by whom", "hi " * 9,
     "thanks, how is it fixed?", "ok how was this solved", "hi, how much for one?", "hi how many",
     "Is that ok?", "and is that OK for all?", "ok, is it?", "What's that for?",
     "whats this bot for", "and what’s it for", "is it night?", "thanks, is that nice?"],
)  # fmt: skip
def test_whatever_asks_something_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)
