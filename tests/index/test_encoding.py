"""Bytes that do not say their encoding are read as they were meant, and told as a guess."""

import pytest

from index import LoadError
from index.loaders.encoding import Decoded, decode

WESTERN = (
    "The price is €20 – “cheap”, said Zoë Muñoz.",
    "El niño come piñas",
    "Le garçon français a reçu",
    "São Paulo não",
    "café",
    "Die Größe der Tür beträgt fünf Fuß.",
    "Räksmörgås är gott på våren.",
    "Members’ rules — read them. “No spam”, it’s said.",
    "Rules\n—————————\n• No spam",
)
SENTENCES = {
    "windows-1250": (
        "Członkowie powinni być uprzejmi wobec siebie nawzajem i przestrzegać zasad.",
        "Členové se musí chovat slušně a dodržovat pravidla serveru.",
        "A tagoknak udvariasan kell viselkedniük az őszi időszakban is.",
    ),
    "windows-1254": ("Üyeler birbirlerine karşı nazik olmalı ve kurallara uymalıdır.",),
    "windows-1257": (
        "Nariai turi būti mandagūs ir laikytis taisyklių, nes kitaip bus pašalinti.",
        "Biedriem jābūt pieklājīgiem un jāievēro noteikumi, citādi viņi tiks izslēgti.",
    ),
    "windows-1253": ("Τα μέλη πρέπει να είναι ευγενικά μεταξύ τους.",),
    "windows-1251": ("Участники должны быть вежливы друг с другом.",),
    "cp866": ("Участники должны быть вежливы друг с другом.",),
    "koi8_r": ("Участники должны быть вежливы друг с другом и соблюдать правила.",),
    "windows-1255": ("על החברים להיות מנומסים זה לזה ולשמור על הכללים.",),
    "windows-1256": ("يجب على الأعضاء أن يكونوا مهذبين وأن يلتزموا بالقواعد.",),
    "cp874": ("สมาชิกต้องสุภาพต่อกันและปฏิบัติตามกฎ",),
    "cp932": ("メンバーはお互いに礼儀正しく、規則を守らなければなりません。",),
    "gb18030": ("成员之间必须互相礼貌，并遵守服务器的规则。",),
    "big5": ("成員之間必須互相禮貌，並遵守伺服器的規則。",),
    "cp949": ("회원들은 서로 예의를 지키고 규칙을 준수해야 합니다.",),
    "cp850": ("Die Größe der Tür beträgt fünf Fuß, für Gäste schön.",),
}


def cases() -> list[tuple[str, str]]:
    others = [(text, name) for name, texts in SENTENCES.items() for text in texts]
    return [(text, "windows-1252") for text in WESTERN] + others


@pytest.mark.parametrize(("text", "encoding"), cases())
@pytest.mark.parametrize("times", [1, 4], ids=["once", "four times"])
def test_a_sentence_is_read_as_it_was_written_and_told_as_a_guess(
    text: str, encoding: str, times: int
) -> None:
    written = "\n".join([text] * times)
    assert decode(written.encode(encoding)) == Decoded(written, encoding)


@pytest.mark.parametrize("text", ["", "plain", "Zoë", "Участники"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_is_certain_is_no_guess(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(LoadError, match="encoding is unknown"):
        decode(bytes(range(1, 256)))


def test_a_few_bytes_of_another_encoding_leave_the_rest_utf_8() -> None:
    german = "Für Mitglieder gilt: höflich grüßen, Tür schließen. "
    assert decode(german.encode() + "Müll raus".encode("cp1252")) == Decoded(
        german + "Müll raus", "utf-8"
    )
