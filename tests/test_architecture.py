"""The import law of docs/architecture.md, held as a table."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from parts import ROOT

FOLDERS = {"index.answering", "index.generations"}
"""They hold modules of several layers, each of which stands in the table by itself."""

FLOWS_IN_ORDER = (
    "index.answering.quoting",
    "index.answering.verbatim",
    "index.answering.confidence",
    "index.answering.retrieve",
    "index.answering.rerank",
    "index.answering.followup",
    "index.answering.answer",
    "index.answering.explain",
    "index.generations.generation",
    "index.generations.history",
    "index.generations.sources",
    "index.generations.incremental",
    "index.generations.verification",
    "index.generations.build",
    "index.generations.staleness",
    "index.generations.rollback",
    "index.loaded_models",
    "index.generations.newest",
)
"""A flow may import those before it."""

BOT_IN_ORDER = (
    "bot.records",
    "bot.refusals",
    "bot.settings",
    "bot.rendering",
    "bot.logs",
    "bot.threads",
    "bot.faults",
    "bot.state",
    "bot.connection",
    "bot.rights",
    "bot.upkeep",
    "bot.asking",
    "bot.controls",
    "bot.commands",
    "bot.connection.client",
    "bot.connection.connect",
    "bot.run",
    "bot.command_line",
    "bot.__main__",
)
"""A part of the bot may import those before it. Where two hold a module, the longer name counts."""

PURE = ("bot.records", "bot.refusals", "bot.rendering")
IMPURE = {"aiohttp", "asyncio", "discord", "sqlite3", "structlog", "threading"}
"""What the pure parts do without."""

LAYERS = (
    ("folders", FOLDERS),
    ("records", {"index.errors", "index.records", "index.reports", "index.settings"}),
    ("protocols", {"index.protocols"}),
    ("marks", {"index.dates", "index.markup"}),
    ("formats", {"index.language", "index.passage_text", "index.sentences", "index.stems"}),
    (
        "workers",
        {
            "index.answering.disagreement",
            "index.answering.numbers",
            "index.answering.question",
            "index.answering.small_talk",
            "index.answering.marking",
            "index.answering.topic",
            "index.chunk",
            "index.embed",
            "index.generations.data_folder",
            "index.generations.embedding_cache",
            "index.loaders",
            "index.read",
            "index.stores",
        },
    ),
    ("flows", set(FLOWS_IN_ORDER)),
    ("engine", {"index.engine"}),
    ("processes", {"index.apart"}),
    ("door", {"index"}),
    ("bot", {"bot"}),
)
"""Parts from the bottom up; each stands for itself and what lies in it. A part imports only from
layers below its own; `FLOWS_IN_ORDER` says more of flows, and workers never import each other."""

HOMES: Mapping[str, frozenset[str]] = {
    library: frozenset({home})
    for home, libraries in {
        "bot": ("discord", "aiohttp", "rich", "structlog"),
        "bot.command_line": ("typer",),
        "bot.settings": ("pydantic_settings",),
        "index.sentences": ("sentencex",),
        "index.embed": ("sentence_transformers", "huggingface_hub"),
        "index.generations.data_folder": ("filelock",),
        "index.loaders.encoding": ("charset_normalizer",),
        "index.loaders.front_matter": ("yaml",),
        "index.loaders.markdown": ("markdown_it",),
        "index.language": ("py3langid",),
        "index.read.windows": ("onnxruntime", "tokenizers"),
        "index.stores.local.vectors": ("faiss",),
        "index.stores.local.words": ("bm25s",),
        "index.stems": ("Stemmer",),
        "index.stores.local.spelling": ("rapidfuzz",),
    }.items()
    for library in libraries
} | {
    "asyncio": frozenset({"bot"}),
    "sqlite3": frozenset({"index.generations.embedding_cache", "bot.state"}),
    "torch": frozenset({"index.embed", "index.read.hub"}),
    "transformers": frozenset({"index.embed", "index.read.hub"}),
}
"""The one place that may import a library; the runtime of models has one a stage."""

ENVIRONMENT = {"environ", "getenv", "environb", "getenvb", "putenv"}
BESIDE_SETTINGS = {
    "bot.command_line.program": "QUOTH_DEBUG, also where the settings cannot be read",
    "bot.command_line.commands": "sets it for --debug",
    "bot.command_line.doctor": "names variables that are no setting, and keeps the hub offline",
}
"""Who uses the environment itself, and for what. Settings are read from it by pydantic_settings."""

STANDARD_OUTPUT = {"print", "stdout.write", "stdout.buffer", "console.print", "typer.echo"}


def within(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def place(module: str) -> tuple[int, str] | None:
    """Layer and part of a module, or None if the table does not know it."""
    for layer, (_, parts) in enumerate(LAYERS):
        for part in parts:
            alone = part in {"index", *FOLDERS}
            if module == part or (not alone and within(module, part)):
                return layer, part
    return None


def imports(tree: ast.AST, module: str, *, package: bool) -> Iterator[str]:
    """Every module that is imported anywhere in the file, functions and type checks included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level + package or None] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def breaches(module: str, source: str, *, package: bool = False) -> list[str]:
    """What in one module is against the law, in words."""
    mine = place(module)
    if mine is None:
        return [f"{module} is not in the table of layers: add it to LAYERS where it belongs"]
    tree = ast.parse(source)
    imported = list(imports(tree, module, package=package))
    ours = [name for name in imported if within(name, "index") or within(name, "bot")]
    judge = _wrong_way_in_bot if within(module, "bot") else _wrong_way
    found = [breach for name in ours if (breach := judge(module, mine, name))]
    found += [
        f"{module} imports {name}, whose home is {' or '.join(homes)}"
        for name in imported
        if (homes := HOMES.get(name.split(".")[0])) and not any(within(module, h) for h in homes)
    ]
    if any(within(module, part) for part in PURE):
        libraries = (name.split(".")[0] for name in imported)
        found += [f"{module} imports {one}: it is pure" for one in libraries if one in IMPURE]
    found += _uses_of_environment(module, tree)
    return found + (_asynchronous(module, tree) if within(module, "index") else [])


def part_of_bot(module: str) -> str | None:
    """The part that a module is or lies in, or None if the table does not know it."""
    return max((part for part in BOT_IN_ORDER if within(module, part)), key=len, default=None)


def _wrong_way_in_bot(module: str, _mine: tuple[int, str], name: str) -> str | None:
    if within(name, "index"):
        inner = name.count(".") > 1
        return f"{module} imports {name}: only the door of index" if inner else None
    mine, theirs = part_of_bot(module), part_of_bot(name)
    if mine is None or theirs is None:
        return f"{module} imports {name}: add what is missing to BOT_IN_ORDER"
    if BOT_IN_ORDER.index(theirs) <= BOT_IN_ORDER.index(mine):
        return None
    return f"{module} imports {name}: {mine} imports only what stands before it"


def _wrong_way(module: str, mine: tuple[int, str], name: str) -> str | None:
    if name == "index":
        return f"{module} imports the door of its own package"
    above = name.rpartition(".")[0]
    known = name if above in {"index", "bot", *FOLDERS} else above
    theirs = place(known) or place(name)
    if theirs is None:
        return f"{module} imports {name}, which is not in the table of layers: add it to LAYERS"
    if theirs[1] == mine[1] or theirs[0] < mine[0]:
        return None
    if {module, theirs[1]} <= set(FLOWS_IN_ORDER):
        forward = FLOWS_IN_ORDER.index(theirs[1]) < FLOWS_IN_ORDER.index(module)
        return None if forward else f"{module} imports {name}: a flow imports only earlier ones"
    kinds = f"{LAYERS[mine[0]][0]} import only from layers below, not {LAYERS[theirs[0]][0]}"
    return f"{module} imports {name}: {kinds}"


def _asynchronous(module: str, tree: ast.AST) -> list[str]:
    return [
        f"{module} line {node.lineno} is async: index is synchronous"
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await)
    ]


def _uses_of_environment(module: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        used = isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT
        taken = isinstance(node, ast.ImportFrom) and ENVIRONMENT & {a.name for a in node.names}
        if (used or taken) and module not in BESIDE_SETTINGS:
            yield f"{module} reads the environment: only the settings and the command line do"


def prints(source: str) -> bool:
    """Whether anything in a module writes to standard output."""
    names = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr))
    written = [ast.unparse(one) for one in names if isinstance(one, ast.Name | ast.Attribute)]
    return any(one == way or one.endswith(f".{way}") for one in written for way in STANDARD_OUTPUT)


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("index", "bot"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in modules()])
def test_every_module_keeps_the_import_law(module: str, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert breaches(module, source, package=path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source", "told"),
    [
        ("index.chunk", "from index.embed import BATCH", "workers import only from layers below"),
        ("index.chunk", "from index import embed", "workers import only from layers below"),
        ("index.stores.local.words", "import index.loaders.text", "workers import only"),
        ("index.records", "from index.protocols import Matrix", "records import only"),
        ("index.protocols", "from index.engine import Engine", "protocols import only"),
        (
            "index.generations.generation",
            "from index.generations.build import build",
            "only earlier ones",
        ),
        ("index.answering.retrieve", "from index.answering import rerank", "only earlier ones"),
        ("index.answering.topic", "from index.answering import retrieve", "workers import only"),
        ("index.answering.answer", "from index.generations import history", "only earlier ones"),
        ("index.generations.build", "from index.engine import Engine", "flows import only"),
        ("index.engine", "from index import Answer", "which is not in the table"),
        ("index.engine", "import index", "the door of its own package"),
        ("index.engine", "from bot.rendering.answer import render", "engine import only"),
        ("index.chunk", "from .embed import BATCH", "workers import only"),
        ("index.loaders.text", "from ..embed import BATCH", "workers import only"),
        ("index.chunk", "def f():\n    from index.embed import BATCH", "workers import only"),
        ("bot.rendering.answer", "from index.engine import Engine", "only the door of index"),
        ("bot.rendering.answer", "import index.engine.build", "only the door of index"),
        ("bot.rendering.answer", "from bot.state.calls import Calls", "only what stands before"),
        ("bot.rendering", "from bot import faults", "only what stands before it"),
        ("bot.state.database", "from bot.asking.desk import Threads", "only what stands before"),
        ("bot.asking.desk", "from bot.controls import calls", "only what stands before it"),
        ("bot.connection.deliver", "from bot.connection.client import Client", "only what stands"),
        ("bot.asking.desk", "from bot.speed import fast", "add what is missing to BOT_IN_ORDER"),
        ("bot.rendering.answer", "import discord", "it is pure"),
        ("bot.refusals", "from threading import Lock", "it is pure"),
        ("index.engine", "import discord", "whose home is bot"),
        ("index.engine", "import discord.ext.commands", "whose home is bot"),
        ("index.generations.build", "import faiss", "whose home is index.stores.local.vectors"),
        ("index.stores.local", "from bm25s import BM25", "whose home is index.stores.local.words"),
        ("index.embed", "import onnxruntime", "whose home is index.read"),
        ("bot.rendering.answer", "import sentence_transformers", "whose home is index.embed"),
        ("index.generations.build", "import asyncio", "whose home is bot"),
        ("index.engine", "async def ask(): ...", "index is synchronous"),
        ("index.embed", "import os\nos.environ['X']", "reads the environment"),
        ("index.embed", "from os import getenv", "reads the environment"),
        ("bot.asking.desk", "import os\nos.environ.get('X')", "reads the environment"),
        ("bot.run", "import pydantic_settings", "whose home is bot.settings"),
        ("bot.run", "import typer", "whose home is bot.command_line"),
        ("index.speed", "", "add it to LAYERS where it belongs"),
        ("index.answering.speed", "", "add it to LAYERS where it belongs"),
        ("index.generations.build", "from index.speed import fast", "add it to LAYERS"),
    ],
)
def test_a_breach_is_seen_and_told(module: str, source: str, told: str) -> None:
    found = breaches(module, source)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("index.engine", "from index.generations import build, generation"),
        ("index.generations.build", "from index.generations import generation"),
        ("index.embed", "from sentence_transformers import SentenceTransformer"),
        ("index.stores.local", "from index.stores.local.words import WordIndex"),
        ("bot.asking.desk", "from index import Engine\nimport discord, asyncio, os"),
        ("bot.command_line.program", "import os\nos.environ"),
        ("bot.asking.desk", "from bot.rendering.answer import render\nasync def f(): ..."),
        ("bot.connection.client", "from bot.commands.ask import ask_command"),
        ("bot.connection.client", "from bot.connection.deliver import tell_alone"),
        ("bot.connection.deliver", "from bot.connection import messages"),
        ("bot.rendering.report", "from bot.records import Build\nfrom bot.rendering import cut"),
        ("index", "from index.engine import Engine"),
    ],
)
def test_what_the_law_allows_is_no_breach(module: str, source: str) -> None:
    assert breaches(module, source) == []


def test_only_the_command_line_prints() -> None:
    printing = [module for module, path in modules() if prints(path.read_text(encoding="utf-8"))]
    assert printing != []
    assert [one for one in printing if not within(one, "bot.command_line")] == []


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("print('found')", True),
        ("import sys\nsys.stdout.write('found')", True),
        ("from sys import stdout\nstdout.write('found')", True),
        ("import typer\ntyper.echo('found')", True),
        ("import sys\nsys.stderr.write('error')", False),
        ("import sys\nsys.stdout.flush()", False),
        ("log.info('printed')", False),
    ],
)
def test_what_prints_is_seen(source: str, *, seen: bool) -> None:
    assert prints(source) is seen


def test_whoever_uses_the_environment_beside_the_settings_still_does() -> None:
    found = {module: path.read_text(encoding="utf-8") for module, path in modules()}
    assert [one for one in BESIDE_SETTINGS if "environ" not in found[one]] == []
