"""Sentences whose date or doer gives way to question words."""

from __future__ import annotations

import pytest

from index.text.turned_sentences import turned_sentences


@pytest.mark.parametrize(
    ("language", "sentence", "question"),
    [
        ("de", "Im Mai 1987 kaufte Anna Berg die Mühle.", "Wann kaufte Anna Berg die Mühle?"),
        ("de", "Am 3. Mai 2018 begann der Umbau des Hauses.", "Wann begann der Umbau des Hauses?"),
        ("de", "Anna Berg kaufte die alte Mühle.", "Wer kaufte die alte Mühle?"),
        ("nl", "In 1987 stichtte Anna Bos het museum.", "Wanneer stichtte Anna Bos het museum?"),
        ("sv", "År 1987 köpte Anna Berg den kvarnen.", "När köpte Anna Berg den kvarnen?"),
        ("es", "En 1894 se encendió la lámpara.", "¿En qué año se encendió la lámpara?"),
        ("es", "Ana Ruiz fundó la escuela.", "¿Quién fundó la escuela?"),
        ("fr", "En 1999, le feu a détruit la cave.", "Quand est-ce que le feu a détruit la cave ?"),
        ("fr", "En 1999, un feu a détruit la cave.", "Quand est-ce qu’un feu a détruit la cave ?"),
        ("it", "Nel 1950 fu costruito il ponte.", "In quale anno fu costruito il ponte?"),
        ("pt", "Em 1960, a vila comprou o moinho.", "Quando é que a vila comprou o moinho?"),
        ("pl", "W 1932 roku Jan zbudował młyn.", "Kiedy Jan zbudował młyn?"),
        ("ru", "В 2011 году в здании сгорела крыша.", "Когда в здании сгорела крыша?"),
        ("ru", "Павел Дроздов построил первую модель.", "Кто построил первую модель?"),
        ("uk", "У 1975 році відкрили бібліотеку.", None),
        ("uk", "У 1975 році місто відкрило бібліотеку.", "Коли місто відкрило бібліотеку?"),
        ("tr", "1987 yılında köy okulu yaptı.", "Hangi yılda köy okulu yaptı?"),
        ("id", "Pada tahun 1987, warga membangun jembatan.", "Kapan warga membangun jembatan?"),
        ("ar", "في عام 1990 انتقلت المكتبة إلى بيت قديم.", "متى انتقلت المكتبة إلى بيت قديم؟"),
        ("zh", "1983年，洪水冲毁了茶馆的东墙。", "哪一年洪水冲毁了茶馆的东墙？"),
    ],
)
def test_what_a_sentence_begins_with_is_asked_for(
    language: str, sentence: str, question: str | None
) -> None:
    """The rest stays as it stands, if it is long enough to say something."""
    assert [asked for asked, _ in turned_sentences([sentence], language)] == (
        [question] if question else []
    )


def test_a_clause_that_can_be_left_out_is() -> None:
    """What is left is told, verbatim."""
    sentence = "Im Mai 1987 verkaufte Anna das Haus, weil es zu groß war."

    assert list(turned_sentences([sentence], "de")) == [
        ("Wann verkaufte Anna das Haus?", "verkaufte Anna das Haus")
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Im Jahr 1987 zog sie mit ihm nach Kiel."),  # who?
        ("de", "Im Jahr 1987 gegründet, ist das Museum alt."),
        ("de", "Im Jahr 1990 kauften Anna, Otto und Paul ein Haus."),
        ("de", "Im Jahr 1999 und im Jahr 2000 war es zu."),
        ("de", "Ende Mai gründete Anna einen Verein."),
        ("de", "Im Jahr 1987 sagte Anna: „Wir fangen an.“"),
        ("es", "En 1987 fundó el museo."),
        ("fr", "En 1984, Hanna a vendu la maison."),  # que or qu’?
        ("ru", "Анна Дроздова основала музей мостов."),
        ("xx", "1987 foo bar baz."),
    ],
)
def test_what_would_be_no_good_question_is_left(language: str, sentence: str) -> None:
    """Nothing is asked that points elsewhere, stops in its middle, or has to be bent."""
    assert list(turned_sentences([sentence], language)) == []
