"""What is refused of attachments 附件."""

from __future__ import annotations

from domain.refusals import Refused


class NoSuchAttachment(Refused):
    """没有这个附件"""

    hint = "没有附件 {digests}，或您无权查看；上传后超过一天没有用于案件的附件会被清理，请重新上传。"


class NotAPicture(Refused):
    """附件不是图片"""

    hint = "此附件（{media_type}）没有公开图和缩略图，只能下载原件。"


class UnsupportedFile(Refused):
    """不支持的文件类型"""

    hint = "只收以下类型，按文件内容辨认，与文件名无关：{media_types}。"


class FileTooLarge(Refused):
    """文件过大"""

    hint = "此类文件（{media_type}）不得超过 {most} 字节，实为 {bytes} 字节。"


class PictureTooLarge(Refused):
    """图片像素过多"""

    hint = "图片为 {width} × {height} 像素，总数不得超过 {most}，请缩小后再传。"


class DamagedPicture(Refused):
    """图片已损坏"""

    hint = "图片不完整或内容有误，无法打开，请重新拍摄或另存后再传。"
