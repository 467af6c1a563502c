"""YAML as a tree of texts that know their line.

Scalars stay text, so that ``0.1`` never becomes a floating number and every
refusal can point at the line it is about. Anchors, aliases, tags, merge keys and
repeated keys are refused: each hides where a number comes from.
"""

import yaml

from reimbursements.settlement.errors import PolicyError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Item:
    """One node: ``value`` is a dict of Items, a list of Items, or a text."""

    __slots__ = ("file", "line", "path", "value")

    def __init__(self, value, file: str, line: int, path: str):
        self.value, self.file, self.line, self.path = value, file, line, path

    def fail(self, expected: str, found: str | None = None):
        """Raise the refusal of this node."""
        raise PolicyError(self.file, self.line, self.path, found or self.found(), expected)

    def found(self) -> str:
        """What stands there, in a few words."""
        if isinstance(self.value, dict):
            return "写了一组键"
        if isinstance(self.value, list):
            return "写了一个列表"
        return f"写的是“{self.value}”" if self.value else "没有写值"

    def plain(self):
        """The bare data, for the fingerprint of a version."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def text(self, expected: str = "一段文字") -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            self.fail(expected)
        return self.value

    def items(self, expected: str = "一个列表") -> "list[Item]":
        if not isinstance(self.value, list):
            self.fail(expected)
        return self.value

    def one_or_more(self, expected: str) -> "list[Item]":
        """A list, or a single text taken as a list of one; never empty."""
        values = self.value if isinstance(self.value, list) else [self]
        if not values:
            self.fail(expected, "列表是空的")
        return values


class Section:
    """A mapping whose keys must all be asked for; ``done`` refuses the others."""

    def __init__(self, item: Item, expected: str = "一组键"):
        if not isinstance(item.value, dict):
            item.fail(expected)
        self.item = item
        self._asked: list[str] = []

    def get(self, key: str) -> Item | None:
        self._asked.append(key)
        return self.item.value.get(key)

    def need(self, key: str, expected: str) -> Item:
        found = self.get(key)
        if found is None:
            self.item.fail(f"这里要写 {key}（{expected}）", f"缺少 {key}")
        return found

    def has(self, key: str) -> bool:
        return key in self.item.value

    def done(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key, item in self.item.value.items():
            if key not in self._asked:
                known = "、".join(dict.fromkeys(self._asked))
                item.fail(f"这里只能写 {known}", f"不认识或放错位置的键 {key}")


def read_tree(text: str, file: str) -> Item:
    """The root of a YAML text. Raises PolicyError with the line of what is wrong."""
    try:
        _refuse_aliases(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise PolicyError(
            file, line, "", "YAML 写法有误", "检查缩进、冒号后的空格和括号是否成对"
        ) from error
    except RecursionError as error:
        raise PolicyError(file, 0, "", "嵌套太深", "不超过十几层的写法") from error
    if node is None:
        raise PolicyError(file, 1, "", "文件是空的", "一份政策")
    return _item(node, file, "")


def _refuse_aliases(text: str, file: str) -> None:
    for event in yaml.parse(text, Loader=_LOADER):
        anchored = getattr(event, "anchor", None) is not None
        tagged = getattr(event, "tag", None) is not None
        if anchored or tagged:
            line = event.start_mark.line + 1
            raise PolicyError(file, line, "", "用了锚点、引用或标签", "把内容直接写出来")


def _item(node, file: str, path: str) -> Item:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Item(_mapping(node, file, path), file, line, path)
    if isinstance(node, yaml.SequenceNode):
        values = [_item(child, file, f"{path}[{n}]") for n, child in enumerate(node.value)]
        return Item(values, file, line, path)
    plain_null = node.style is None and node.value in ("~", "null")
    return Item("" if plain_null else node.value, file, line, path)


def _mapping(node, file: str, path: str) -> dict[str, Item]:
    values: dict[str, Item] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            raise PolicyError(file, line, path, "键不是一个普通的词", "一个键名")
        key = key_node.value
        if key in values:
            raise PolicyError(file, line, path, f"键 {key} 写了两次", "每个键只写一次")
        item = _item(child, file, f"{path}.{key}" if path else key)
        item.line = line  # a list or a mapping begins a line below its key
        values[key] = item
    return values
