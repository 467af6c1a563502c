"""What people call a place: 临沧市 is 临沧, 双江拉祜族佤族布朗族傣族自治县 is 双江.

Pure. Used for search only; letters and forms always carry the full name.
"""

# The recognised ethnic groups as they stand in names of autonomous areas; some
# names leave the 族 out (巴音郭楞蒙古自治州, 伊犁哈萨克自治州).
_ETHNIC_NAMES = (
    "阿昌 白 保安 布朗 布依 朝鲜 达斡尔 傣 德昂 侗 东乡 独龙 鄂伦春 俄罗斯 鄂温克 高山 仡佬 哈尼 "
    "哈萨克 汉 赫哲 回 基诺 京 景颇 柯尔克孜 拉祜 黎 傈僳 珞巴 满 毛南 门巴 蒙古 苗 仫佬 纳西 怒 "
    "普米 羌 撒拉 畲 水 塔吉克 塔塔尔 土家 土 佤 维吾尔 乌孜别克 锡伯 瑶 彝 裕固 藏 壮 各"
)
_ETHNIC = _ETHNIC_NAMES.split()
_GROUPS = tuple(f"{name}族" for name in _ETHNIC) + tuple(n for n in _ETHNIC if len(n) > 1)
_AUTONOMOUS = ("自治区", "自治州", "自治县", "自治旗")
_SUFFIXES = (
    "特别行政区",
    "行政委员会",
    "新区",
    "林区",
    "地区",
    "省",
    "市",
    "州",
    "盟",
    "县",
    "区",
    "旗",
)
_SHORTEST = 2  # 云县 and 芒市 are never called 云 and 芒


def short_name(name: str) -> str:
    """The everyday name of a division; the name itself where nothing can be left out."""
    for suffix in _AUTONOMOUS:
        if name.endswith(suffix):
            return _without_groups(name.removesuffix(suffix))
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            return name.removesuffix(suffix)
    return name


def _without_groups(name: str) -> str:
    """The name without the ethnic groups at its end, never shorter than two characters."""
    for group in _GROUPS:
        if name.endswith(group) and len(name) - len(group) >= _SHORTEST:
            return _without_groups(name.removesuffix(group))
    return name.removesuffix("族") if len(name) > _SHORTEST else name
