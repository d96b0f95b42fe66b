"""
How a sentence is asked for its date or its doer, and an article for a name, by ISO 639-1 code.

A frame takes the opening of a sentence away and puts question words in its place; the rest stays as
it stands, so no word has to be bent. Only shapes are here of which that makes a good question: in
German, Dutch and Scandinavian the verb stands second whatever comes first, in Slavic languages
anywhere, French and Portuguese have "est-ce que" and "é que". Written by hand and short: a shape
that is missing makes no question, no wrong one.
"""

from __future__ import annotations

from typing import NamedTuple

_YEAR = r"(?:1\d|20)\d\d"
_UPPER = "A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻĞİŞČŘŠŽА-ЯЁІЇЄҐ"
# Two capitalised words: a name, at the beginning of a sentence.
_NAME = rf"[{_UPPER}][\w’'-]+ [{_UPPER}][\w’'-]+ "


class Frame(NamedTuple):
    """A pattern of the *opening*, one of how the *rest* begins, and the question with "{rest}"."""

    opening: str
    rest: str
    asked: str


def _when(opening: str, rest: str, asked: str) -> Frame:
    return Frame(opening.replace("YEAR", _YEAR), rest.replace("UPPER", _UPPER), asked)


def _who(verbs: str, asked: str, but: str = "") -> Frame:
    """Who did what only somebody can do, by one of the *verbs*; not after the words *but*."""
    opening = rf"(?!(?:{but}) ){_NAME}" if but else _NAME
    return Frame(opening, rf"(?:{verbs})\b", asked)


# Behind a date in German or Dutch the verb follows, or something that is no question's beginning.
_NO_VERB = (
    r"(?!(?:und|oder|bis|mit|in|im|an|am|auf|von|vom|noch|erst|nur|schon|sogar|also|aber|zu|zum|zur"
    r"|nach|vor|bei|als|wie|en|of|tot|met|op|van|om|ge\w+t|ge\w+en|ge\w+d|\w+iert)\b)[a-zäöü]+\b"
)

FRAMES: dict[str, tuple[Frame, ...]] = {
    "de": (
        _when(r"(?:Im (?:Jahre?|[A-Z]\w+) YEAR|Am \d{1,2}\. \w+ YEAR) ", _NO_VERB, "Wann {rest}?"),
        _who(
            "gründete|leitete?|baute|entdeckte|erfand|schrieb|eröffnete|übernahm|kaufte|verkaufte"
            "|gewann|malte|entwarf|stiftete|zeichnete|veröffentlichte",
            "Wer {rest}?",
            "Ende|Anfang|Mitte|Laut|Pro|Seit|Vor|Nach|Im|Am|In",
        ),
    ),
    "nl": (
        _when(r"(?:In (?:\w+ )?YEAR|Op \d{1,2} \w+ YEAR) ", _NO_VERB, "Wanneer {rest}?"),
        _who(
            "stichtte|leidt|leidde|bouwde|ontdekte|schreef|opende|kocht|won|schilderde|ontwierp",
            "Wie {rest}?",
            "Eind|Begin|Half|In|Op",
        ),
    ),
    "sv": (
        _when(r"(?:År|Hösten|Våren|Sommaren) YEAR ", r"[a-zåäö]+\b", "När {rest}?"),
        _who("grundade|leder|ledde|byggde|upptäckte|skrev|köpte|vann|målade|ritade", "Vem {rest}?"),
    ),
    "da": (
        _when(r"I (?:\w+ )?YEAR ", r"[a-zæøå]+\b", "Hvornår {rest}?"),
        _who("grundlagde|leder|ledede|byggede|opdagede|skrev|åbnede|købte|vandt", "Hvem {rest}?"),
    ),
    "no": (
        _when(r"I (?:\w+ )?YEAR ", r"[a-zæøå]+\b", "Når {rest}?"),
        _who("grunnla|leder|ledet|bygde|oppdaget|skrev|åpnet|kjøpte|vant|malte", "Hvem {rest}?"),
    ),
    "es": (
        _when(
            r"En (?:\w+ de )?YEAR,? ",
            r"(?:(?:el|la|los|las|un|una) \w|[UPPER]|se \w|(?:fue|fueron|nació|abrió|comenzó) )",
            "¿En qué año {rest}?",
        ),
        _who(
            "fundó|dirigió|dirige|construyó|descubrió|inventó|escribió|compró|donó|diseñó|pintó"
            "|ganó|publicó|reunió|creó",
            "¿Quién {rest}?",
        ),
    ),
    "fr": (
        _when(r"En YEAR,? ", r"(?:(?:les?|la|des) \w|l[’'])", "Quand est-ce que {rest} ?"),
        _when(r"En YEAR,? ", r"(?:une? \w|[AEIOUÉÈ])", "Quand est-ce qu’{rest} ?"),
        _when(r"En YEAR,? ", r"(?![AEIOUÉÈH])[UPPER]", "Quand est-ce que {rest} ?"),
        _who(
            "a (?:fondé|dirigé|construit|découvert|inventé|écrit|acheté|vendu|ouvert|remporté|gagné"
            "|peint|dessiné|publié|créé|reçu)|dirige|fonda|dirigea|acheta|gagna",
            "Qui {rest} ?",
        ),
    ),
    "it": (
        _when(
            r"Nel (?:\w+ )?YEAR,? ",
            r"(?:(?:il|lo|la|i|gli|le|uno?|una) \w|(?:l|un)[’']|[UPPER]|si \w|(?:fu|furono) )",
            "In quale anno {rest}?",
        ),
        _who(
            "fondò|diresse|dirige|costruì|scoprì|inventò|scrisse|comprò|disegnò|dipinse|vinse"
            "|pubblicò|aprì|creò|ha (?:fondato|diretto|costruito|scoperto|scritto|vinto|creato)",
            "Chi {rest}?",
        ),
    ),
    "pt": (
        _when(
            r"Em (?:\w+ de )?YEAR,? ",
            r"(?:(?:o|a|os|as|uma?) \w|[UPPER]|(?:foi|foram) )",
            "Quando é que {rest}?",
        ),
        _who(
            "fundou|dirigiu|dirige|construiu|descobriu|inventou|escreveu|comprou|doou|desenhou"
            "|pintou|ganhou|publicou|abriu|criou",
            "Quem {rest}?",
        ),
    ),
    "pl": (
        _when(r"W YEAR (?:roku|r\.),? ", r"\w", "Kiedy {rest}?"),
        _who("założył|zbudował|odkrył|napisał|wynalazł|kupił|stworzył|kierował", "Kto {rest}?"),
    ),
    "ru": (
        _when(r"В YEAR году,? ", r"\w", "Когда {rest}?"),
        _when(r"\d{1,2} \w+ YEAR года ", r"\w", "Когда {rest}?"),
        _who(
            "основал|построил|открыл|написал|изобр[её]л|купил|получил|создал|выиграл|возглавил"
            "|подарил|нарисовал",
            "Кто {rest}?",
        ),
    ),
    "uk": (
        _when(r"(?:У|В) YEAR році,? ", r"\w", "Коли {rest}?"),
        _when(r"\d{1,2} \w+ YEAR року ", r"\w", "Коли {rest}?"),
        _who(
            "заснував|збудував|побудував|відкрив|написав|винайшов|купив|отримав|створив|очолив",
            "Хто {rest}?",
        ),
    ),
    "tr": (_when(r"YEAR yılında,? ", r"\w", "Hangi yılda {rest}?"),),
    "id": (_when(r"Pada tahun YEAR,? ", r"\w", "Kapan {rest}?"),),
    "ar": (_when(r"(?:في )?(?:عام|سنة) YEAR[،,]? ", r"\w", "متى {rest}؟"),),
    "hi": (_when(r"(?:सन )?YEAR में,? ", r"\w", "किस वर्ष {rest}?"),),
    "zh": (_when(r"YEAR年[，,]?", r"(?![\d的底初末代间以之前后春夏秋冬])\w", "哪一年{rest}？"),),
}  # fmt: skip

# What an article is asked for a name; languages that bend names have it stand alone. English has
# shapes of its own.
ABOUT = {
    "ar": "ماذا يقول المقال عن {name}؟",
    "cs": "{name}: co o tom říká článek?",
    "da": "Hvad siger artiklen om {name}?",
    "de": "Was steht hier über {name}?",
    "es": "¿Qué dice el artículo sobre {name}?",
    "fr": "Que dit l’article sur {name} ?",
    "id": "Apa kata artikel ini tentang {name}?",
    "it": "Che cosa dice l’articolo su {name}?",
    "nl": "Wat staat hier over {name}?",
    "no": "Hva sier artikkelen om {name}?",
    "pl": "{name}: co mówi o tym artykuł?",
    "pt": "O que diz o artigo sobre {name}?",
    "ro": "Ce spune articolul despre {name}?",
    "ru": "{name}: что об этом сказано в статье?",
    "sv": "Vad säger artikeln om {name}?",
    "tr": "{name}: makale bu konuda ne diyor?",
    "uk": "{name}: що про це сказано в статті?",
    "zh": "文章里怎么说{name}？",
}

# The quotation marks around a word that is meant as a word, where they are not “ and ”.
QUOTATION_MARKS = {
    **dict.fromkeys(("es", "it", "pt", "ru", "uk", "no", "ar"), "«»"),
    **dict.fromkeys(("de", "cs"), "„“"),
    **dict.fromkeys(("pl", "ro", "nl"), "„”"),
    "fr": ("« ", " »"),
    **dict.fromkeys(("sv", "fi"), "””"),
}

# Words that mean something said before: a question with one of them means nothing by itself.
POINTING = {
    "da": "han hun hans hendes deres dem denne dette der da",
    "de": """
        er sie es ihn ihm ihr ihnen ihre ihren ihrer ihrem ihres sein seine seinen seiner seinem
        seines wir uns unser unsere ich dies diese diesem diesen dieser dieses dort hier da dann
        dazu dabei damit darin darauf davon daraus jener jene jenes derselbe dieselbe
    """,
    "es": "él ella ellos ellas le les su sus este esta esto estos estas ese esa eso allí aquí lo",
    "fr": "il elle ils elles lui leur leurs son sa ses y ce cet cette ces cela celui celle ceux",
    "hi": "वह वे उस उसने उसे उसका उसकी उसके उन्होंने यह ये इस इसका इसकी इसके वहाँ",
    "id": "dia ia mereka tersebut beliau nya",
    "it": """
        lui lei loro egli ella essi esse suo sua suoi sue questo questa questi queste quello quella
        quelli quelle vi ci
    """,
    "nl": "hij zij ze hem haar hun zijn dit dat deze die er daar hier toen",
    "no": "han hun hans hennes deres dem denne dette der da",
    "pl": "on ona oni one ono jego jej ich go mu to ten ta te tego tej tam wtedy",
    "pt": "ele ela eles elas seu sua seus suas este esta isto isso esse essa aquele aquela lhe lá",
    "ru": """
        он она они оно его её ее ему ей им их них нём ней него неё это этот эта эти этого этой там
        тогда тот та те
    """,
    "sv": "han hon hans hennes deras dem denna detta där då",
    "tr": "o onu ona onun onlar bu şu bunu buna bunun burada orada kendisi",
    "uk": "він вона вони воно його її йому їй їм їх них цей ця це ці цього там тоді той та",
    "zh": "他 她 它 他们 她们 它们 这 那 此 该 其",
}

# What may begin behind a comma at which a sentence is cut: a clause that can be left out.
CLAUSES = {
    "da": "som der fordi da men og",
    "de": "weil da der die das dem den deren dessen wo um obwohl während nachdem bevor aber doch",
    "es": "que quien donde pero porque cuando cuyo cuya aunque",
    "fr": "qui que dont où mais parce puis",
    "it": "che dove cui ma perché quando",
    "nl": "die dat waar omdat om maar terwijl nadat",
    "no": "som der fordi da men og",
    "pl": "który która które którzy gdzie ale bo ponieważ aby",
    "pt": "que quem onde mas porque cujo cuja",
    "ru": "который которая которое которые где но потому чтобы а",
    "sv": "som där eftersom då men och",
    "uk": "який яка яке які де але бо щоб а",
}
