"""
How people ask what an article is about, by language (ISO 639-1): whole messages in lower case.

The first of each language is what the bot offers. English has patterns of its own
(index.languages.english_messages).
"""

from __future__ import annotations

SUMMARY_WISHES: dict[str, tuple[str, ...]] = {
    "en": ("what is this about?",),
    "ar": ("عمّ يتحدث المقال؟", "عم يتحدث المقال", "ما موضوع المقال", "ملخص", "لخص المقال"),
    "de": (
        "worum geht es?", "worum geht es hier", "worum geht es in dem artikel", "worum geht’s",
        "worum geht's", "um was geht es", "zusammenfassung", "fass das zusammen",
        "fass den artikel zusammen", "wovon handelt der artikel", "was steht im artikel",
    ),
    "es": (
        "¿de qué trata?", "de que trata", "de qué trata el artículo", "de qué trata esto",
        "de qué se trata", "resumen", "resume el artículo", "resúmelo", "de qué va",
    ),
    "fr": (
        "de quoi s’agit-il ?", "de quoi s'agit-il", "de quoi parle l’article",
        "de quoi parle l'article", "de quoi ça parle", "résumé", "résume l’article",
        "résume l'article", "résume",
    ),
    "hi": ("यह किस बारे में है?", "लेख किस बारे में है", "सारांश"),
    "id": ("apa isi artikel ini?", "tentang apa ini", "artikel ini tentang apa", "ringkasan"),
    "it": (
        "di che cosa si tratta?", "di cosa si tratta", "di cosa parla", "di cosa parla l’articolo",
        "di cosa parla l'articolo", "riassunto", "riassumi", "riassumi l’articolo",
        "riassumi l'articolo",
    ),
    "nl": (
        "waar gaat het over?", "waar gaat dit over", "waar gaat het artikel over", "samenvatting",
        "vat het samen",
    ),
    "pl": ("o czym to jest?", "o czym jest artykuł", "o czym jest ten artykuł", "streszczenie"),
    "pt": (
        "de que se trata?", "do que se trata", "de que trata o artigo", "do que trata o artigo",
        "sobre o que é", "sobre o que é o artigo", "resumo", "resuma o artigo",
    ),
    "ru": (
        "о чём статья?", "о чем статья", "о чём эта статья", "о чем эта статья", "о чём это",
        "о чем это", "о чём тут", "краткое содержание", "перескажи", "перескажи статью",
        "в чём суть", "в чем суть",
    ),
    "sv": ("vad handlar det om?", "vad handlar artikeln om", "sammanfattning"),
    "tr": ("bu ne hakkında?", "makale ne hakkında", "konu ne", "konusu ne", "özet", "özetle"),
    "uk": (
        "про що стаття?", "про що ця стаття", "про що це", "короткий зміст", "перекажи",
        "у чому суть", "в чому суть",
    ),
    "zh": ("这篇文章讲什么？", "这是关于什么的", "文章讲了什么", "讲的是什么", "总结", "概括一下"),
}  # fmt: skip
