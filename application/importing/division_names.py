"""Names of places as two tables write them: when they can safely be one and the same.

Only what is known to be a matter of style counts: Beijing's 地区 is the office of a 乡 or 镇 (so 三间房地区 is
三间房乡), 街道办事处 is the office of a 街道, and an ethnic township may leave its people unsaid.
"""

from __future__ import annotations

import re

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_OFFICE = re.compile(r"(?<=..)(街道|地区|镇|乡)(办事处|办)$")
_ETHNIC = re.compile(rf"(?:(?:{_PEOPLES})族)+(?=乡$)|民族(?=乡$)")
_AREA = "地区"
_RURAL = ("镇", "乡")
_SUFFIX = re.compile(
    r"(特别行政区|自治区|自治州|自治县|自治旗|工农区|工矿区|地区|特区|林区|矿区|省|市|县|区|盟|州|旗|镇|乡)$"
)


def alike(one: str, other: str) -> bool:
    """Whether two names of places below one county can be one place's in two tables."""
    one, other = _plain(one), _plain(other)
    return one == other or _area_of(one, other) or _area_of(other, one)


def stem(name: str) -> str:
    """The name without its kind of division and without the peoples of an autonomous one."""
    bare = _SUFFIX.sub("", name) or name
    return re.sub(rf"(?:(?:{_PEOPLES})族|各族)+$", "", bare) or bare


def kin(one: str, other: str) -> bool:
    """Whether one name is the other's with another kind: 凤城满族自治县 and 凤城市, 贵县 and 贵港市."""
    short, long = sorted((stem(one), stem(other)), key=len)
    return long.startswith(short)


def _plain(name: str) -> str:
    return _ETHNIC.sub("", _OFFICE.sub(r"\1", name))


def _area_of(area: str, rural: str) -> bool:
    if not area.endswith(_AREA) or not rural.endswith(_RURAL):
        return False
    bare = area.removesuffix(_AREA)
    return bare in (rural, rural[:-1])
