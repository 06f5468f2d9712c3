"""Sizes, names, imports inside functions, and words that mark unfinished work."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.architecture.tree import package_of, parsed, show

HARD_FILE, SOFT_FILE, HARD_FUNCTION, SOFT_FUNCTION = 500, 300, 80, 40
SOFT_SHARE = 0.08
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "manager",
    "managers",
    "services_layer",
}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|for now|not implemented|placeholder for)\b")
FOLDERS = ("diwan", "peers", "tools", "tests", "benchmarks")


def _functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _size_faults(name: str, text: str, tree: ast.Module) -> list[str]:
    lines = text.count("\n")
    faults = [f"{name}: {lines} lines, at most {HARD_FILE}"] if lines > HARD_FILE else []
    return faults + [
        f"{name}: {function} has {length} lines, at most {HARD_FUNCTION}"
        for function, length in _functions(tree)
        if length > HARD_FUNCTION
    ]


def _name_faults(name: str) -> list[str]:
    parts = name.removesuffix(".py").split("/")
    return [f"{name}: says nothing about its content" for part in parts if part in FORBIDDEN_NAMES]


def _hidden_imports(name: str, text: str, tree: ast.Module) -> list[str]:
    """Imports of our own packages inside functions with no comment above or beside them."""
    lines = text.splitlines()
    faults = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            else:
                continue
            if any(package_of(each) for each in names) and not _explained(lines, node.lineno):
                faults.append(f"{name}:{node.lineno}: import inside {function.name} without a reason")
    return faults


def _explained(lines: list[str], number: int) -> bool:
    """A comment on the line itself or just above the block of imports."""
    at = number - 1
    if "#" in lines[at]:
        return True
    while at > 0 and (not lines[at - 1].strip() or lines[at - 1].strip().startswith(("from ", "import "))):
        at -= 1
    return at > 0 and lines[at - 1].strip().startswith("#")


def _unfinished(name: str, text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        f"{name}:{token.start[0]}: {token.string.strip()[:60]}"
        for token in tokens
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string)
    ]


def test_files_and_functions_keep_their_size() -> None:
    faults, long_files, long_functions, files, functions = [], 0, 0, 0, 0
    for name, text, tree in parsed(*FOLDERS):
        faults += _size_faults(name, text, tree)
        lengths = [length for _, length in _functions(tree)]
        files, functions = files + 1, functions + len(lengths)
        long_files += text.count("\n") > SOFT_FILE
        long_functions += sum(length > SOFT_FUNCTION for length in lengths)
    assert not faults, show(faults)
    assert long_files <= SOFT_SHARE * files, (
        f"{long_files} of {files} files are longer than {SOFT_FILE} lines"
    )
    assert long_functions <= SOFT_SHARE * functions, (
        f"{long_functions} functions are longer than {SOFT_FUNCTION} lines"
    )


def test_a_planted_giant_is_found() -> None:
    text = "def giant():\n" + "    pass\n" * 510
    assert len(_size_faults("planted.py", text, ast.parse(text))) == 2


def test_names_say_what_is_inside() -> None:
    faults = [fault for name, _, _ in parsed("diwan", "peers", "tools") for fault in _name_faults(name)]
    assert not faults, show(faults)
    assert _name_faults("diwan/cases/utils.py") and _name_faults("diwan/helpers/dates.py")


def test_imports_inside_functions_give_their_reason() -> None:
    faults = [fault for name, text, tree in parsed("diwan") for fault in _hidden_imports(name, text, tree)]
    assert not faults, show(faults)


def test_a_planted_hidden_import_is_found() -> None:
    bad = "def f():\n    from diwan.kit import clock\n"
    good = "def f():\n    # The registry is complete only now.\n    from diwan.kit import clock\n"
    assert _hidden_imports("planted.py", bad, ast.parse(bad))
    assert not _hidden_imports("planted.py", good, ast.parse(good))


def test_nothing_is_marked_as_unfinished() -> None:
    faults = [fault for name, text, _ in parsed(*FOLDERS) for fault in _unfinished(name, text)]
    assert not faults, show(faults)
    assert _unfinished("planted.py", "x = 1  # " + "TO" + "DO: later\n")


def test_every_module_says_what_it_is_for() -> None:
    bare = [
        name
        for name, text, tree in parsed("diwan", "peers", "tools")
        if text.strip() and not ast.get_docstring(tree)
    ]
    assert not bare, show(bare)


def test_public_faces_are_documented() -> None:
    """Functions that other packages may call say what they take, give and refuse."""
    faults = []
    for name, _, tree in parsed("diwan"):
        if not re.search(r"/(?:actions|queries|registry|events)(?:/|\.py)", name):
            continue
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                faults.append(f"{name}:{node.lineno}: {node.name} has no docstring")
    assert not faults, show(faults)
