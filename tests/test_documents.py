"""The documents keep to what is there: their links, the files and the commands that they name."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.commands import article_bot

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
SHELLS = {"sh", "bash", "console"}
FILE = re.compile(r"(?<![\w./<-])(?:[\w.-]+/)*[\w-]+\.(?:py|toml|json|npz|png|md)(?![\w/(])")
FOLDER = re.compile(r"(?:[\w.-]+/)+")
RECIPE = re.compile(r"^([a-z][\w-]*)[^:\n]*:(?!=)", re.MULTILINE)


def listed(pattern: str) -> list[str]:
    """The files of the repository that match, those that are not added yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in found.splitlines() if (ROOT / name).exists()]


if not (ROOT / ".git").exists():
    pytest.skip("this is no checkout", allow_module_level=True)

DOCUMENTS = listed("*.md")
NAMES = {Path(name).name for name in listed("*")}
EVERY = pytest.mark.parametrize("document", DOCUMENTS)


def text_of(document: str) -> str:
    """The text of a document."""
    return (ROOT / document).read_text(encoding="utf-8")


def code_of(document: str) -> list[str]:
    """What stands in a document as code for a shell: each span, and each line of a block."""
    text = text_of(document)
    blocks = [body for shell, body in FENCE.findall(text) if shell in SHELLS]
    lines = [line for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    return [*lines, *SPAN.findall(FENCE.sub("", text))]


def commands_of(document: str, program: str) -> Iterator[list[str]]:
    """The arguments of each call of *program*, up to what the shell does with the rest."""
    call = re.compile(rf"(?:^|[\s/]){program} ([^|&;#>]+)")
    for line in code_of(document):
        for arguments in call.findall(line):
            try:
                yield shlex.split(arguments)
            except ValueError:  # a quotation mark of a sentence
                yield arguments.split()


def headings(document: Path) -> set[str]:
    """The anchors of a document's headings."""
    found = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\s-]", "", heading.casefold()) for heading in found)
    return {words.replace(" ", "-") for words in kept}


@EVERY
def test_every_link_leads_to_a_file(document: str) -> None:
    """A link is an address of the web, or a file beside the document, with the heading it names."""
    dead = []
    for target in LINK.findall(FENCE.sub("", text_of(document))):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / document).parent / name if name else ROOT / document
        if not path.exists() or (anchor and anchor not in headings(path)):
            dead.append(target)
    assert not dead


@EVERY
def test_every_file_that_is_named_is_there(document: str) -> None:
    """A path stands in the repository or beside the document; a name is that of some file."""
    named = {name for line in code_of(document) for name in FILE.findall(line)}
    named |= {span for span in code_of(document) if FOLDER.fullmatch(span)}
    assert not [name for name in sorted(named) if not is_there(name, document)]


def is_there(name: str, document: str) -> bool:
    """
    Whether a file is there, or is none of the repository's: `story.md` is a reader's own.

    NAME stands for whatever a reader puts there.
    """
    if "NAME" in name or any((place / name).exists() for place in (ROOT, (ROOT / document).parent)):
        return True
    if "/" in name:
        return not (ROOT / name.split("/", 1)[0]).is_dir()
    return name in NAMES or (name.islower() and not name.endswith(".py"))


@EVERY
def test_every_recipe_is_there(document: str) -> None:
    """`just NAME` names a recipe of the Justfile."""
    recipes = set(RECIPE.findall((ROOT / "Justfile").read_text(encoding="utf-8")))
    named = {arguments[0] for arguments in commands_of(document, "just")}
    assert named <= recipes


@EVERY
def test_every_command_is_there(document: str) -> None:
    """`article-bot NAME --option` names a command that has the option."""
    unknown = [
        complaint
        for arguments in commands_of(document, "article-bot")
        for complaint in complaints(arguments)
    ]
    assert not unknown


def complaints(arguments: list[str]) -> Iterator[str]:
    """What of a command line there is not."""
    command: click.Command = article_bot
    known = options_of(command)
    while arguments:
        word, *arguments = arguments
        if word.startswith("--"):
            name = word.partition("=")[0].rstrip("…,")
            if name not in known:
                yield name
            elif "=" not in word and known[name]:
                arguments = arguments[1:]
        elif command is article_bot and re.fullmatch(r"[a-z]+", word):
            if word not in article_bot.commands:
                yield word
                return
            command = article_bot.commands[word]
            known = options_of(command)


def options_of(command: click.Command) -> dict[str, bool]:
    """The long options of a command, and whether a value follows them."""
    return {"--help": False} | {
        name: not option.is_flag
        for option in command.params
        if isinstance(option, click.Option)
        for name in [*option.opts, *option.secondary_opts]
    }


@EVERY
def test_every_module_is_there(document: str) -> None:
    """`python -m NAME` names a module, if it is one of ours."""
    runs = (arguments for arguments in commands_of(document, "python3?") if "-m" in arguments[:-1])
    named = [arguments[arguments.index("-m") + 1] for arguments in runs]
    ours = [Path(*name.split(".")) for name in named if name.split(".")[0] in ("bot", "index")]
    missing = [name for name in ours if not (ROOT / name).is_dir()]
    assert not [name for name in missing if not (ROOT / name).with_suffix(".py").exists()]


# That the tests above see what is wrong


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("index/text/words.py", True),
        ("words.py", True),
        ("index/", True),
        ("story.md", True),
        ("some/model.json", True),
        ("tests/NAME.py", True),
        ("index/text/no.py", False),
        ("no.py", False),
        ("NO.md", False),
        ("tests/no/", False),
    ],
)
def test_a_name_is_judged(name: str, there: bool) -> None:
    """Paths of the repository, programs and documents must be there; readers' files need not."""
    assert is_there(name, "README.md") == there


@pytest.mark.parametrize(
    ("arguments", "unknown"),
    [
        ("ask question --article ID", []),
        ("--chat 5 add story.txt", []),
        ("--chat ask", []),
        ("asks question", ["asks"]),
        ("ask --articles ID", ["--articles"]),
        ("--database", []),
    ],
)
def test_a_command_line_is_judged(arguments: str, unknown: list[str]) -> None:
    """A command or an option that there is not is named; the values of options are not judged."""
    assert list(complaints(arguments.split())) == unknown


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("python tests/benchmarks/speed.py a.jsonl", ["tests/benchmarks/speed.py"]),
        ("see index/text/words.py.", ["index/text/words.py"]),
        ("pyproject.toml", ["pyproject.toml"]),
        ("https://example.org/page.py", []),
        ("index/languages/<name>.py", []),
    ],
)
def test_names_of_files_are_found(code: str, names: list[str]) -> None:
    """Paths and names with an ending of the repository's files; no addresses, no placeholders."""
    assert FILE.findall(code) == names
