"""What members ask of rules, tables and changelogs: numbers, rows and releases are found."""

import pytest
from parts import MakeEngine

from index import Engine
from index.settings import PACKAGED_MODEL

RULES = """# Rules of the Lantern server

## General

1. **Be decent.** No slurs and no personal attacks.
2. **Keep it legal.** Nobody here helps with copies of films.
3. **No advertising** without asking a moderator first.
4. **English in the public channels**, please. German is fine in #deutsch.
5. **One account each.** Others are banned on sight.

Never post in public:

- your key file
- your home address
- pictures of other people's libraries

## What happens

| Offence | First time | Second time |
|---|---|---|
| Spam | warning | one day's mute |
| Harassment | a week's mute | ban |
| Talk of copied films | the message is deleted | a week's mute |
| A second account | ban | – |
"""

CHANGES = """# Changelog

## 2.1.0

### Added

- Lyrics for music
- A dark mode

## 2.0.0

### Added

- Watch parties
"""


@pytest.fixture(scope="module")
def lantern(tmp_path_factory: pytest.TempPathFactory, make_engine: MakeEngine) -> Engine:
    folder = tmp_path_factory.mktemp("lantern")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "rules.md").write_text(RULES, encoding="utf-8")
    (corpus / "changes.md").write_text(CHANGES, encoding="utf-8")
    engine = make_engine(corpus, folder / "data", model=PACKAGED_MODEL)
    engine.reindex()
    return engine


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("what is rule 4?", "4. **English"),
        ("what is rule 1", "1. **Be decent"),
        ("what was added in 2.1.0?", "- Lyrics for music\n- A dark mode"),
        ("what was added in 2.0.0?", "Watch parties"),
        ("what should I never post in public?", "- your key file\n- your home address\n- pictures"),
        ("what happens the second time for harassment?", "| Harassment | a week's mute | ban |"),
    ],
)
def test_what_members_ask_of_rules_is_quoted(lantern: Engine, question: str, quoted: str) -> None:
    answer = lantern.ask(question)
    assert answer.quotes, answer.closest[:1]
    assert answer.quotes[0].text.startswith(quoted)


def test_a_release_that_is_not_there_is_not_answered_with_another(lantern: Engine) -> None:
    assert not lantern.ask("what was added in 2.2.0?").quotes
