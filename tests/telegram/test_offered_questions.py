"""Questions that are offered about articles: each is tried before."""

from __future__ import annotations

import pytest

from bot.telegram.offered_questions import SUMMARY_QUESTION, offer_questions
from index.answering import Answerer
from index.encoding.protocol import Encoder
from index.retrieval.corpus import Corpus
from index.storage.ingest import add_articles
from index.storage.library import Library
from index.text.articles import make_article
from index.text.readers import ReadArticle

TEXTS = {
    "de": """
        Das Uhrenmuseum steht in einer alten Mühle am Ufer der Leine. Hanne Lüders leitete das
        Museum bis zum Sommer 2009. Dann übergab sie es ihrem Neffen, der als Lehrer gearbeitet
        hatte. Im Jahr 2013 überschwemmte die Leine den Keller. Fast alle Uhren standen zwei Tage
        lang im Wasser. Die Versicherung zahlte nur einen Teil des Schadens. Der Eintritt kostet 6
        Euro. Im Garten zeigt die Tochter von Hanne Lüders Sonnenuhren.
    """,
    "es": """
        El faro de Punta Serena se levanta sobre un acantilado. En 1894 se encendió la lámpara de
        aceite. La piedra llegó en barco desde la cantera. Carmen Iriarte reunió más
        de dos mil firmas para pedir una solución. El libro se vende en la tienda. La entrada cuesta
        tres euros y es gratuita los lunes. Desde la terraza se ven delfines en primavera.
    """,
    "fr": """
        La fromagerie de Belcombe se trouve au fond d'une vallée étroite. Émile Rastoul a dirigé la
        coopérative pendant trente ans. Il connaissait chaque vache par son nom. En 1999, un
        incendie a détruit l'atelier de moulage. Les voisins ont prêté leurs granges. Les visites
        ont lieu le mardi à quinze heures. Les enfants reçoivent un tablier.
    """,
    "ru": """
        Музей мостов находится в старом здании вокзала. Павел Дроздов построил первую модель ещё в
        школе. Сначала там было всего двадцать моделей. В 2011 году в здании сгорела крыша. Пожар
        начался ночью из-за старой проводки. Музей работает со среды по воскресенье. Собак в музей
        не пускают.
    """,
    "zh": "老茶馆坐落在河边。最初这里只有六张桌子。门票十五元，包括一壶绿茶。早上六点开门。",
}
WANTED = {
    "de": "Wann überschwemmte die Leine den Keller?",
    "es": "¿En qué año se encendió la lámpara de aceite?",
    "fr": "Qui a dirigé la coopérative pendant trente ans ?",
    "ru": "Когда в здании сгорела крыша?",
    "zh": "这篇文章讲什么？",
}


@pytest.fixture
def answerer(encoder: Encoder, library: Library) -> Answerer:
    """The model as users get it, on a library that is empty."""
    return Answerer(Corpus(library, encoder))


@pytest.mark.parametrize("language", TEXTS)
def test_an_article_is_asked_in_its_language(answerer: Answerer, language: str) -> None:
    """Each question is answered when it is pressed; where words cannot tell, it is the summary."""
    text = " ".join(TEXTS[language].split())
    article = make_article(text, id="it", language=language)
    list(add_articles(answerer.library, lambda: answerer.corpus.encoder, [ReadArticle(article)]))

    offered = offer_questions(answerer, "it")

    assert WANTED[language] in offered
    assert len(offered) == (1 if language == "zh" else 3)
    assert SUMMARY_QUESTION not in offered
    assert all(answerer.answer(question, article="it").answered for question in offered)
