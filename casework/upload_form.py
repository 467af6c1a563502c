"""Choosing files for one document, and what is said of it before."""

from django import forms


class FileInput(forms.ClearableFileInput):
    """Several files at once; the camera is offered by upload.js."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files; each is checked by content when it is stored."""

    widget = FileInput

    def clean(self, data, initial=None):
        # No file at all comes as an empty list: one that is not there, and missed.
        files = (data or [None]) if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


UPLOAD_LIMITS = "照片（JPG、PNG、WebP、HEIC）或 PDF，每个不超过 20MB，每种材料最多 10 个文件。"


class UploadForm(forms.Form):
    """Files of one document."""

    document = forms.ChoiceField(
        label="材料名称", error_messages={"required": "请选择是哪一种材料。"}
    )
    files = FilesField(
        label="选择文件",
        error_messages={
            "required": "请先拍照或选择文件。",
            "empty": "这个文件是空的，请重新拍照或选择。",
        },
    )

    def __init__(self, *args, group: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = group
        self.fields["files"].widget.attrs["accept"] = (
            "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"
        )
        if len(group) == 1:
            self.fields["document"].widget = forms.HiddenInput()
            self.initial["document"] = group[0][0]
