"""YAML as plain values that remember their lines, strictly: no aliases, no repeated keys.

Pure but for reading the file.
"""

from pathlib import Path
from typing import Any

import yaml

from casework.errors import FileRefused

# The parser in C where PyYAML was built with it: the same tree, ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = ("null", "bool", "int", "str", "timestamp")

Lines = dict[tuple, int]


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """The values of a file, and the line of each by its path of keys and indexes.

    Raises FileRefused with file and line.
    """
    try:
        source = path.read_text(encoding="utf-8")
        root = yaml.compose(source, Loader=_LOADER)
    except UnicodeDecodeError:
        raise FileRefused(path, 1, "文件应为 UTF-8 编码") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FileRefused(
            path, mark.line + 1 if mark else 1, "不是正确的 YAML，请检查缩进、冒号和引号"
        ) from None
    if root is None:
        raise FileRefused(path, 1, "文件是空的")
    lines: Lines = {}
    return _Reader(path, lines).value(root, ()), lines


class _Reader:
    """Turns composed nodes into values and notes their lines."""

    def __init__(self, path: Path, lines: Lines):
        self.path = path
        self.lines = lines
        self.seen: set[int] = set()
        self.scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, where: tuple) -> Any:
        """The value of a node that stands at `where`."""
        self.lines[where] = node.start_mark.line + 1
        if id(node) in self.seen:
            raise self.error(node, "不能使用 YAML 的引用（* 和 &），请把值写出来")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*where, n)) for n, item in enumerate(node.value)]
        return self.scalar(node)

    def mapping(self, node: yaml.MappingNode, where: tuple) -> dict[str, Any]:
        """A mapping with text keys, none of them twice."""
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.scalar(key_node)
            if not isinstance(key, str):
                raise self.error(key_node, f"键应为文字，收到的是 {key!r}")
            if key in values:
                raise self.error(key_node, f"键 {key} 重复了")
            values[key] = self.value(value_node, (*where, key))
            self.lines[(*where, key)] = key_node.start_mark.line + 1
        return values

    def scalar(self, node: yaml.Node) -> Any:
        """A text, whole number, date, true, false or null."""
        if not isinstance(node, yaml.ScalarNode) or node.tag.rpartition(":")[2] not in _TAGS:
            raise self.error(node, "应为文字、整数、日期、true、false 或 null")
        try:
            return self.scalars.construct_object(node)
        except ValueError:
            raise self.error(node, f"不是真实的日期或数字：{node.value}") from None

    def error(self, node: yaml.Node, message: str) -> FileRefused:
        """The refusal of this node."""
        return FileRefused(self.path, node.start_mark.line + 1, message)
